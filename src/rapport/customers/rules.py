"""Pure rules about identities: normal forms, refused values, how sure an identity makes us."""

from __future__ import annotations

import re
import uuid
from enum import IntEnum

import phonenumbers

from rapport.kernel.ids import name_id


class Level(IntEnum):
    """How sure we are that whoever uses an identity is the customer."""

    UNKNOWN = 0
    ASSERTED = 1
    PROVEN = 2
    SIGNED_IN = 3


class BadIdentity(ValueError):
    """A value that cannot recognise anybody. The message says why in plain words."""


NAMESPACES = {
    "anonymous_id": "Browser or device",
    "user_id": "Account",
    "email": "Email",
    "phone": "Phone",
    "whatsapp": "WhatsApp",
    "device_id": "Device",
    "loyalty_card": "Loyalty card",
}
ANONYMOUS = frozenset({"anonymous_id", "device_id"})

_EMAIL = re.compile(r"^[^@\s<>\"(),:;\[\]\\]+@[^@\s<>\"(),:;\[\]\\]+\.[^@\s.]{2,}$")
_PLACEHOLDERS = frozenset(
    "anonymous guest distinctid distinct_id id not_authenticated email undefined true false none null nan 0 "
    "-1 [object object] test@ noreply@ unknown n/a".split(" ")
) | {"[object object]"}
_ZEROS = re.compile(r"^[0-]*$")


def normal_form(namespace: str, value: str, *, region: str = "KE") -> str:
    """The one spelling under which a value is stored and compared.

    Raises ``BadIdentity`` for values that would join strangers: blanks, placeholders such as ``null``,
    phone numbers of one repeated digit. ``region`` is the ISO country for phones written without +.
    """
    if namespace not in NAMESPACES and not namespace.startswith("ext:"):
        raise BadIdentity(f"unknown kind of identity: {namespace}")
    text = value.strip()
    bare = text.strip("'\"").lower()
    if _ZEROS.match(bare) or bare in _PLACEHOLDERS:
        raise BadIdentity(f"“{text[:40]}” is a placeholder, not somebody’s {NAMESPACES.get(namespace, namespace)}")
    if len(text) > 500 or any(ord(character) < 32 for character in text):
        raise BadIdentity("longer than 500 characters, or with control characters in it")
    if namespace == "email":
        return _normal_email(text)
    if namespace in {"phone", "whatsapp"}:
        return _normal_phone(text, region)
    return text


def _normal_email(text: str) -> str:
    folded = text.casefold()
    if not _EMAIL.match(folded) or len(folded) > 254:
        raise BadIdentity(f"“{text[:60]}” is not an email address")
    local, _, domain = folded.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise BadIdentity(f"“{text[:60]}” is not an email address") from error


def _normal_phone(text: str, region: str) -> str:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise BadIdentity(f"“{text[:40]}” is not a phone number") from error
    digits = str(number.national_number)
    if not phonenumbers.is_possible_number(number) or len(set(digits)) == 1:
        raise BadIdentity(f"“{text[:40]}” is not a phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def identity_key(workspace_id: uuid.UUID, namespace: str, normal: str) -> uuid.UUID:
    """The id of an identity follows from its value, so an event can be written without a look-up."""
    return name_id(workspace_id, f"{namespace}\x1f{normal}")
