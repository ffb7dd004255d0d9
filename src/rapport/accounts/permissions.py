"""Named permissions and the roles that come in the box.

A package declares its permissions here-by-call (``declare``) in its own ``permissions.py``; a role is a set
of these names. Names read ``noun.verb``.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class Permission:
    name: str
    meaning: str


known: dict[str, Permission] = {}


class UnknownPermission(ValueError):
    """A role names a permission that no package declared."""


def declare(name: str, meaning: str, *, roles: tuple[str, ...] = (), owner_only: bool = False) -> str:
    """Declare a permission and which built-in roles hold it.

    The owner always does, the admin unless it is ``owner_only``.
    """
    known[name] = Permission(name, meaning)
    for role in {"owner", *(() if owner_only else ("admin",)), *roles}:
        BUILT_IN_ROLES[role].add(name)
    return name


def check_known(names: set[str] | frozenset[str]) -> None:
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise UnknownPermission(f"unknown permission: {', '.join(unknown)}")


# Filled by the declarations of all packages; order is the order of authority.
BUILT_IN_ROLES: dict[str, set[str]] = {
    "owner": set(),
    "admin": set(),
    "lead": set(),
    "agent": set(),
    "analyst": set(),
    "viewer": set(),
}
ROLE_NAMES = {
    "owner": gettext_noop("Owner"),
    "admin": gettext_noop("Admin"),
    "lead": gettext_noop("Team lead"),
    "agent": gettext_noop("Agent"),
    "analyst": gettext_noop("Analyst"),
    "viewer": gettext_noop("Viewer"),
}

_EVERYBODY = ("lead", "agent", "analyst", "viewer")

SEE_WORKSPACE = declare("workspace.see", "Open the workspace.", roles=_EVERYBODY)
MANAGE_WORKSPACE = declare("workspace.manage", "Change settings, brands and business hours.")
MANAGE_MEMBERS = declare("members.manage", "Invite and suspend members, give roles.")
MANAGE_TEAMS = declare("teams.manage", "Form teams and place members in them.", roles=("lead",))
MANAGE_ROLES = declare("roles.manage", "Make roles from permissions.")
MANAGE_API_KEYS = declare("api_keys.manage", "Issue and revoke API keys.")
# What sets an owner apart from an admin: a role can be given only by somebody who holds all of it.
OWN_WORKSPACE = declare("workspace.own", "Make and unmake owners.", owner_only=True)
SEE_AUDIT = declare("audit.see", "Read who changed what.")
