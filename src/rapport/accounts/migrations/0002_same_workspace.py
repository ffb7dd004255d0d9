from django.db import migrations

from rapport.kernel.scoping import same_workspace


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        same_workspace("accounts_member", "role_id", "accounts_role"),
        same_workspace("accounts_teammembership", "team_id", "accounts_team"),
        same_workspace("accounts_teammembership", "member_id", "accounts_member"),
        same_workspace("accounts_invitation", "role_id", "accounts_role"),
    ]
