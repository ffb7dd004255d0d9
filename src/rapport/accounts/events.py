"""Kinds of events that accounts records."""

from rapport.kernel.log import declare

WORKSPACE_CREATED = declare("workspace.created", "A company began to use Rapport.", audited=True)
BRAND_CREATED = declare("brand.created", "A brand was added.", audited=True)
MEMBER_INVITED = declare("member.invited", "Somebody was invited to join the workspace.", audited=True)
INVITATION_WITHDRAWN = declare("invitation.withdrawn", "An invitation was withdrawn.", audited=True)
MEMBER_JOINED = declare("member.joined", "A member joined the workspace.", audited=True)
MEMBER_ROLE_CHANGED = declare("member.role_changed", "A member was given another role.", audited=True)
MEMBER_SUSPENDED = declare("member.suspended", "A member lost access to the workspace.", audited=True)
MEMBER_REINSTATED = declare("member.reinstated", "A suspended member was let in again.", audited=True)
ROLE_CREATED = declare("role.created", "A role was made from named permissions.", audited=True)
ROLE_CHANGED = declare("role.changed", "The permissions of a role were changed.", audited=True)
ROLE_DELETED = declare("role.deleted", "A role that nobody held was deleted.", audited=True)
TEAM_CREATED = declare("team.created", "A team was formed.", audited=True)
TEAM_MEMBERS_CHANGED = declare("team.members_changed", "A member joined or left a team.", audited=True)
API_KEY_ISSUED = declare("api_key.issued", "An API key was issued.", audited=True)
API_KEY_REVOKED = declare("api_key.revoked", "An API key was revoked.", audited=True)
CALENDAR_CHANGED = declare("calendar.changed", "Business hours or holidays were changed.", audited=True)
WORKSPACE_CHANGED = declare(
    "workspace.changed", "Name, time zone or another fact of the company changed.", audited=True
)
BRAND_CHANGED = declare("brand.changed", "Name or colour of a brand changed.", audited=True)
MEMBER_RENAMED = declare("member.renamed", "A member goes by another name.", audited=True)
TEAM_CHANGED = declare("team.changed", "Name or department of a team changed.", audited=True)
TEAM_DISBANDED = declare("team.disbanded", "A team was disbanded.", audited=True)
CALENDAR_CREATED = declare("calendar.created", "Further business hours were set up.", audited=True)
CALENDAR_DELETED = declare(
    "calendar.deleted", "Business hours that were not the default were removed.", audited=True
)
