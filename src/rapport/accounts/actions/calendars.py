"""Business hours and holidays."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.accounts import events
from rapport.accounts.actions.inputs import changes, found, name_of
from rapport.accounts.actions.workspaces import locked_workspace
from rapport.accounts.models import Calendar
from rapport.accounts.permissions import MANAGE_WORKSPACE
from rapport.accounts.refusals import Refused
from rapport.kernel.actors import Actor
from rapport.kernel.calendars import BusinessCalendar, CalendarError
from rapport.kernel.log import record


def create_calendar(actor: Actor, *, name: str, spec: Mapping[str, Any]) -> Calendar:
    """Further business hours; ``spec`` as in ``BusinessCalendar.from_spec``. Raises ``Refused``."""
    actor.must(MANAGE_WORKSPACE)
    cleaned = _canonical(spec)
    with transaction.atomic():
        calendar = Calendar(workspace_id=actor.workspace_id, name=name_of(name, max_chars=80), spec=cleaned)
        _save(calendar)
        _tell(actor, events.CALENDAR_CREATED, calendar, {"spec": cleaned})
    return calendar


def change_calendar(actor: Actor, calendar_id: uuid.UUID, *, name: str, spec: Mapping[str, Any]) -> Calendar:
    """Change name, hours or holidays. Promises made before keep the time they were made with."""
    actor.must(MANAGE_WORKSPACE)
    after = {"name": name_of(name, max_chars=80), "spec": _canonical(spec)}
    with transaction.atomic():
        calendar = found(Calendar, actor, calendar_id, what="calendar")
        changed = changes({"name": calendar.name, "spec": _canonical(calendar.spec)}, after)
        if changed:
            calendar.name, calendar.spec = str(after["name"]), after["spec"]
            _save(calendar)
            _tell(actor, events.CALENDAR_CHANGED, calendar, {"changed": changed})
    return calendar


def make_default_calendar(actor: Actor, calendar_id: uuid.UUID) -> Calendar:
    """Let these hours hold wherever nothing else is said."""
    actor.must(MANAGE_WORKSPACE)
    with transaction.atomic():
        locked_workspace(actor.workspace_id)
        calendar = found(Calendar, actor, calendar_id, what="calendar")
        if calendar.is_default:
            return calendar
        before = Calendar.objects.within(actor).filter(is_default=True).first()
        Calendar.objects.within(actor).filter(is_default=True).update(is_default=False)
        calendar.is_default = True
        calendar.save(update_fields=["is_default"])
        _tell(
            actor,
            events.CALENDAR_CHANGED,
            calendar,
            {"changed": {"default": [before.name if before else "", calendar.name]}},
        )
    return calendar


def delete_calendar(actor: Actor, calendar_id: uuid.UUID) -> None:
    """Remove hours that are not the default; what used them follows the default from then on."""
    actor.must(MANAGE_WORKSPACE)
    with transaction.atomic():
        locked_workspace(actor.workspace_id)
        calendar = found(Calendar, actor, calendar_id, what="calendar")
        if calendar.is_default:
            raise Refused("default", _("Make other business hours the default first."))
        _tell(actor, events.CALENDAR_DELETED, calendar, {"spec": calendar.spec})
        calendar.delete()


def _canonical(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Checked and in one form, so that only real changes count as changes."""
    try:
        return BusinessCalendar.from_spec(spec).to_spec()
    except CalendarError as error:
        raise Refused("bad_hours", str(error), field="spec") from error


def _save(calendar: Calendar) -> None:
    try:
        with transaction.atomic():
            calendar.save()
    except IntegrityError as error:
        message = _("There are business hours of that name already.")
        raise Refused("name_taken", message, field="name") from error


def _tell(actor: Actor, kind: str, calendar: Calendar, data: dict[str, Any]) -> None:
    record(actor, kind, subject=("calendar", calendar.pk), data={"name": calendar.name, **data})
