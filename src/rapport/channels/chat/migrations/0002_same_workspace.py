from django.db import migrations

from rapport.kernel.scoping import same_workspace


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0001_initial"),
        ("desk", "0002_same_workspace"),
        ("customers", "0002_same_workspace"),
    ]
    operations = [
        same_workspace("chat_chatsite", "account_id", "desk_channelaccount"),
        same_workspace("chat_visitorsignin", "account_id", "desk_channelaccount"),
        same_workspace("chat_visitorsignin", "anonymous_id", "customers_identity"),
        same_workspace("chat_visitorsignin", "known_id", "customers_identity"),
    ]
