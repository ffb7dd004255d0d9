"""The pointers to members, teams and hours: they, too, stay in their own workspace."""

from django.db import migrations

from rapport.kernel.scoping import same_workspace


class Migration(migrations.Migration):
    dependencies = [("feedback", "0002_same_workspace"), ("accounts", "0003_members_same_workspace")]
    operations = [
        same_workspace("feedback_invitation", "member_id", "accounts_member"),
        same_workspace("feedback_invitation", "team_id", "accounts_team"),
        same_workspace("feedback_response", "member_id", "accounts_member"),
        same_workspace("feedback_response", "team_id", "accounts_team"),
    ]
