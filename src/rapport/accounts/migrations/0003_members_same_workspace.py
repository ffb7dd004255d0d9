"""The pointers to members, teams and hours: they, too, stay in their own workspace."""

from django.db import migrations

from rapport.kernel.scoping import same_workspace


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_same_workspace")]
    operations = [
        same_workspace("accounts_invitation", "invited_by_id", "accounts_member"),
        same_workspace("accounts_apikey", "issued_by_id", "accounts_member"),
    ]
