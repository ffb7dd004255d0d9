"""Checks of what people type about companies and themselves, before any row is written."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from rapport.accounts.refusals import NotHere, Refused
from rapport.kernel.actors import Actor
from rapport.kernel.calendar_spec import CalendarError, zone_from_spec
from rapport.kernel.money import MoneyError, minor_digits
from rapport.kernel.plaintext import TextRejected, clean_line
from rapport.kernel.scoping import WorkspaceRow

Row = TypeVar("Row", bound=WorkspaceRow)
MAX_EMAIL_CHARS = 254


def name_of(value: str, *, max_chars: int, field: str = "name") -> str:
    """A single clean line; raises ``Refused`` about ``field``."""
    try:
        return clean_line(value, max_chars=max_chars)
    except TextRejected as error:
        raise Refused("bad_name", error.message, field=field) from error


def email_of(value: str) -> str:
    """The address in lower case: sign-ins and invitations are found by it."""
    email = value.strip().lower()
    try:
        if len(email) > MAX_EMAIL_CHARS:
            raise ValidationError("too long")
        validate_email(email)
    except ValidationError as error:
        raise Refused("bad_email", _("This is not an email address."), field="email") from error
    return email


def time_zone_of(value: str) -> str:
    try:
        return zone_from_spec(value).key
    except CalendarError as error:
        raise Refused("bad_time_zone", str(error), field="time_zone") from error


def currency_of(value: str) -> str:
    try:
        minor_digits(value)
    except MoneyError as error:
        raise Refused("bad_currency", str(error), field="currency") from error
    return value


def country_of(value: str) -> str:
    """Two capital letters, as in ISO 3166."""
    if len(value) != 2 or not value.isascii() or not value.isalpha() or not value.isupper():
        raise Refused("bad_country", _("A country is two letters, such as KE."), field="country")
    return value


def language_of(value: str, *, may_be_empty: bool = False) -> str:
    """One of the languages of the product; empty means the installation's."""
    if value in {code for code, _name in settings.LANGUAGES} or (may_be_empty and not value):
        return value
    raise Refused("bad_language", _("Rapport does not speak this language yet."), field="language")


def found(model: type[Row], actor: Actor, key: uuid.UUID, *, what: str) -> Row:
    """The row of that id in the actor's workspace, locked until the transaction ends. Raises ``NotHere``."""
    rows: Any = model.objects
    row: Row | None = rows.within(actor).select_for_update(no_key=True, of=("self",)).filter(pk=key).first()
    if row is None:
        raise NotHere(what, key)
    return row


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """What differs, as ``{field: [before, after]}`` for the event of a change."""
    return {field: [before[field], value] for field, value in after.items() if before[field] != value}


def future(moment: datetime | None, *, now: datetime, field: str) -> datetime | None:
    if moment is not None and moment <= now:
        raise Refused("past", _("This moment has passed already."), field=field)
    return moment
