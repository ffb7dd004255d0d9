"""Teams, and who is in them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.accounts import events
from rapport.accounts.actions.inputs import changes, found, name_of
from rapport.accounts.models import Member, Team, TeamMembership
from rapport.accounts.permissions import MANAGE_TEAMS
from rapport.accounts.refusals import NotHere, Refused
from rapport.kernel.actors import Actor
from rapport.kernel.log import record


def form_team(actor: Actor, *, name: str, department: str = "", member_ids: Iterable[uuid.UUID] = ()) -> Team:
    """A new team with its members. Raises ``Refused`` for a taken name, ``NotHere`` for a stranger."""
    actor.must(MANAGE_TEAMS)
    with transaction.atomic():
        team = Team(
            workspace_id=actor.workspace_id,
            name=name_of(name, max_chars=80),
            department=_department(department),
        )
        _save(team)
        record(
            actor,
            events.TEAM_CREATED,
            subject=("team", team.pk),
            data={"name": team.name, "department": team.department},
        )
        _place(actor, team, set(member_ids))
    return team


def change_team(
    actor: Actor, team_id: uuid.UUID, *, name: str, department: str, member_ids: Iterable[uuid.UUID]
) -> Team:
    """Rename a team and say who is in it. Saying the same again changes nothing."""
    actor.must(MANAGE_TEAMS)
    after = {"name": name_of(name, max_chars=80), "department": _department(department)}
    with transaction.atomic():
        team = found(Team, actor, team_id, what="team")
        changed = changes({field: getattr(team, field) for field in after}, after)
        if changed:
            team.name, team.department = after["name"], after["department"]
            _save(team)
            record(
                actor,
                events.TEAM_CHANGED,
                subject=("team", team.pk),
                data={"name": team.name, "changed": changed},
            )
        _place(actor, team, set(member_ids))
    return team


def disband_team(actor: Actor, team_id: uuid.UUID) -> None:
    """Remove a team; its members and what was assigned to it stay, unassigned from the team."""
    actor.must(MANAGE_TEAMS)
    with transaction.atomic():
        team = found(Team, actor, team_id, what="team")
        names = sorted(
            TeamMembership.objects.within(actor).filter(team=team).values_list("member__name", flat=True)
        )
        record(
            actor,
            events.TEAM_DISBANDED,
            subject=("team", team.pk),
            data={"name": team.name, "members": names},
        )
        team.delete()


def _department(value: str) -> str:
    return name_of(value, max_chars=80, field="department") if value.strip() else ""


def _save(team: Team) -> None:
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError as error:
        raise Refused("name_taken", _("There is a team of that name already."), field="name") from error


def _place(actor: Actor, team: Team, wanted: set[uuid.UUID]) -> None:
    present = set(TeamMembership.objects.within(actor).filter(team=team).values_list("member_id", flat=True))
    members = {member.pk: member for member in Member.objects.within(actor).filter(pk__in=wanted | present)}
    if strangers := wanted - set(members):
        raise NotHere("member", min(strangers))
    joined, left = wanted - present, present - wanted
    if not joined and not left:
        return
    TeamMembership.objects.bulk_create(
        TeamMembership(workspace_id=actor.workspace_id, team=team, member_id=key) for key in sorted(joined)
    )
    TeamMembership.objects.within(actor).filter(team=team, member_id__in=left).delete()
    record(
        actor,
        events.TEAM_MEMBERS_CHANGED,
        subject=("team", team.pk),
        data={
            "name": team.name,
            "joined": sorted(members[key].name for key in joined),
            "left": sorted(members[key].name for key in left),
        },
    )
