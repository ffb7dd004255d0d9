"""Addresses of the settings screens. An address names a noun; what is done is a noun below it."""

from django.urls import URLPattern, path

from rapport.web.settings import (
    audit,
    brands,
    channels,
    company,
    hours,
    keys,
    members,
    promise,
    roles,
    teams,
    yourself,
)

app_name = "settings"
urlpatterns: list[URLPattern] = [
    path("", yourself.home, name="home"),
    path("account/", yourself.account, name="account"),
    path("company/", company.company, name="company"),
    path("members/", members.members, name="members"),
    path("members/invitations/", members.invitations, name="invitations"),
    path("members/invitations/<uuid:key>/withdrawal/", members.withdrawal, name="withdrawal"),
    path("members/<uuid:key>/role/", members.role, name="member_role"),
    path("members/<uuid:key>/suspension/", members.suspension, name="suspension"),
    path("members/<uuid:key>/reinstatement/", members.reinstatement, name="reinstatement"),
    path("teams/", teams.teams, name="teams"),
    path("teams/<uuid:key>/", teams.team, name="team"),
    path("teams/<uuid:key>/disbanding/", teams.disbanding, name="disbanding"),
    path("roles/", roles.roles, name="roles"),
    path("roles/new/", roles.new_role, name="new_role"),
    path("roles/<uuid:key>/", roles.role, name="role"),
    path("roles/<uuid:key>/deletion/", roles.deletion, name="role_deletion"),
    path("brands/", brands.brands, name="brands"),
    path("brands/<uuid:key>/", brands.brand, name="brand"),
    path("hours/", hours.hours, name="hours"),
    path("hours/new/", hours.new_calendar, name="new_calendar"),
    path("hours/<uuid:key>/", hours.calendar, name="calendar"),
    path("hours/<uuid:key>/default/", hours.default, name="calendar_default"),
    path("hours/<uuid:key>/deletion/", hours.deletion, name="calendar_deletion"),
    path("first-reply/", promise.promise, name="promise"),
    path("channels/", channels.channels, name="channels"),
    path("channels/<uuid:key>/", channels.site, name="site"),
    path("channels/<uuid:key>/secret/", channels.secret, name="site_secret"),
    path("channels/<uuid:key>/old-secret/end/", channels.old_secret_end, name="site_old_secret_end"),
    path("keys/", keys.keys, name="keys"),
    path("keys/<uuid:key>/revocation/", keys.revocation, name="key_revocation"),
    path("audit/", audit.audit, name="audit"),
]
