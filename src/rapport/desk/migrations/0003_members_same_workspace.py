"""The pointers to members, teams and hours: they, too, stay in their own workspace."""

from django.db import migrations

from rapport.kernel.scoping import same_workspace


class Migration(migrations.Migration):
    dependencies = [("desk", "0002_same_workspace"), ("accounts", "0003_members_same_workspace")]
    operations = [
        same_workspace("desk_servicepolicy", "calendar_id", "accounts_calendar"),
        same_workspace("desk_assignment", "member_id", "accounts_member"),
        same_workspace("desk_assignment", "team_id", "accounts_team"),
        same_workspace("desk_closure", "member_id", "accounts_member"),
        same_workspace("desk_closure", "team_id", "accounts_team"),
        same_workspace("desk_readmark", "member_id", "accounts_member"),
    ]
