"""Every write about workspaces and the people in them. Each runs in one transaction and records its event."""

from rapport.accounts.actions.owner_links import NewCompany, open_owner_link, owner_link, use_owner_link
from rapport.accounts.actions.sign_ins import NewPerson
from rapport.accounts.actions.workspaces import (
    RESERVED_SLUGS,
    change_workspace,
    create_workspace,
    sync_built_in_roles,
)

__all__ = [
    "RESERVED_SLUGS",
    "NewCompany",
    "NewPerson",
    "change_workspace",
    "create_workspace",
    "open_owner_link",
    "owner_link",
    "sync_built_in_roles",
    "use_owner_link",
]
