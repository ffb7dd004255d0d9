"""Making a sign-in. Only an owner link or an invitation does; nobody can sign up by themselves."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.accounts.actions.inputs import email_of, language_of, name_of
from rapport.accounts.models import User
from rapport.accounts.refusals import Refused


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What somebody types who has no sign-in yet."""

    email: str
    name: str
    password: str = field(repr=False)
    language: str = ""


def make_sign_in(person: NewPerson) -> User:
    """A new sign-in. Raises ``Refused`` for a bad name, address or password, or an address that has one."""
    user = User(
        email=email_of(person.email),
        name=name_of(person.name, max_chars=120),
        language=language_of(person.language, may_be_empty=True),
    )
    try:
        validate_password(person.password, user)
    except ValidationError as error:
        raise Refused("weak_password", " ".join(error.messages), field="password") from error
    user.set_password(person.password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        message = _("Somebody signs in with this address already.")
        raise Refused("email_taken", message, field="email") from error
    return user
