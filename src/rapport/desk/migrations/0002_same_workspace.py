from django.db import migrations

from rapport.kernel.scoping import append_only, same_workspace


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_initial"),
        ("accounts", "0002_same_workspace"),
        ("customers", "0002_same_workspace"),
    ]
    operations = [
        same_workspace("desk_channelaccount", "brand_id", "accounts_brand"),
        same_workspace("desk_conversation", "brand_id", "accounts_brand"),
        same_workspace("desk_conversation", "identity_id", "customers_identity"),
        same_workspace("desk_conversation", "assignee_id", "accounts_member"),
        same_workspace("desk_conversation", "team_id", "accounts_team"),
        same_workspace("desk_leg", "conversation_id", "desk_conversation"),
        same_workspace("desk_leg", "account_id", "desk_channelaccount"),
        same_workspace("desk_leg", "identity_id", "customers_identity"),
        same_workspace("desk_entry", "conversation_id", "desk_conversation"),
        same_workspace("desk_entry", "leg_id", "desk_leg"),
        same_workspace("desk_delivery", "entry_id", "desk_entry"),
        same_workspace("desk_delivery", "identity_id", "customers_identity"),
        same_workspace("desk_assignment", "conversation_id", "desk_conversation"),
        same_workspace("desk_closure", "conversation_id", "desk_conversation"),
        same_workspace("desk_snooze", "conversation_id", "desk_conversation"),
        same_workspace("desk_promise", "conversation_id", "desk_conversation"),
        same_workspace("desk_promise", "identity_id", "customers_identity"),
        same_workspace("desk_readmark", "conversation_id", "desk_conversation"),
        append_only("desk_entry"),
    ]
