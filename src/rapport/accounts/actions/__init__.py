"""Every write about workspaces and the people in them. Each runs in one transaction and records its event."""

from rapport.accounts.actions.api_keys import IssuedKey, issue_api_key, note_api_key_use, revoke_api_key
from rapport.accounts.actions.brands import change_brand, create_brand
from rapport.accounts.actions.calendars import (
    change_calendar,
    create_calendar,
    delete_calendar,
    make_default_calendar,
)
from rapport.accounts.actions.invitations import (
    Invited,
    invite,
    join_as_new_person,
    join_as_signed_in,
    open_invitation,
    withdraw,
)
from rapport.accounts.actions.members import (
    change_member_role,
    describe_oneself,
    end_sessions,
    reinstate,
    suspend,
)
from rapport.accounts.actions.owner_links import NewCompany, open_owner_link, owner_link, use_owner_link
from rapport.accounts.actions.roles import change_role, delete_role, make_role
from rapport.accounts.actions.sign_ins import NewPerson
from rapport.accounts.actions.teams import change_team, disband_team, form_team
from rapport.accounts.actions.workspaces import (
    RESERVED_SLUGS,
    change_workspace,
    create_workspace,
    sync_built_in_roles,
)

__all__ = [
    "RESERVED_SLUGS",
    "Invited",
    "IssuedKey",
    "NewCompany",
    "NewPerson",
    "change_brand",
    "change_calendar",
    "change_member_role",
    "change_role",
    "change_team",
    "change_workspace",
    "create_brand",
    "create_calendar",
    "create_workspace",
    "delete_calendar",
    "delete_role",
    "describe_oneself",
    "disband_team",
    "end_sessions",
    "form_team",
    "invite",
    "issue_api_key",
    "join_as_new_person",
    "join_as_signed_in",
    "make_default_calendar",
    "make_role",
    "note_api_key_use",
    "open_invitation",
    "open_owner_link",
    "owner_link",
    "reinstate",
    "revoke_api_key",
    "suspend",
    "sync_built_in_roles",
    "use_owner_link",
    "withdraw",
]
