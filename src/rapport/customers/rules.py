"""Pure rules about identities: normal forms, refused values, how sure an identity makes us."""

from __future__ import annotations

import re
import unicodedata
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
PHONES = frozenset({"phone", "whatsapp"})

_EMAIL = re.compile(r"^[^@\s<>\"(),:;\[\]\\]+@[^@\s<>\"(),:;\[\]\\]+\.[^@\s.]{2,}$")
_PLACEHOLDERS = frozenset(
    {
        "anonymous",
        "guest",
        "distinctid",
        "distinct_id",
        "id",
        "not_authenticated",
        "email",
        "undefined",
        "true",
    }
    | {"false", "none", "null", "nan", "0", "-1", "unknown", "n/a", "[object object]"}
)
_NOBODYS_MAILBOXES = frozenset({"test", "noreply", "no-reply"})
_ZEROS = re.compile(r"^[0-]*$")
# Kenya dials 000 to get abroad, most others 00; people write 00 everywhere.
_ABROAD = re.compile(r"^0{2,3}(?=[1-9])")
MAX_CHARS = 500


def normal_form(namespace: str, value: str, *, region: str = "KE") -> str:
    """The one spelling under which a value is stored and compared.

    Raises ``BadIdentity`` for values that would join strangers: blanks, placeholders such as ``null``,
    phone numbers of one repeated digit. ``region`` is the ISO country for phones written without +.
    """
    if namespace not in NAMESPACES and not namespace.startswith("ext:"):
        raise BadIdentity(f"unknown kind of identity: {namespace}")
    if len(value) > 2 * MAX_CHARS:
        raise BadIdentity(f"longer than {MAX_CHARS} characters")
    text = unicodedata.normalize("NFC", value).strip()
    bare = text.strip("'\"").strip().lower()
    if _ZEROS.match(bare) or bare in _PLACEHOLDERS:
        raise BadIdentity(
            f"“{text[:40]}” is a placeholder, not somebody’s {NAMESPACES.get(namespace, namespace)}"
        )
    # Cs are halves of characters, which no database keeps.
    if len(text) > MAX_CHARS or any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise BadIdentity(f"longer than {MAX_CHARS} characters, or with control characters in it")
    if namespace == "email":
        return _normal_email(_visible(text))
    if namespace in PHONES:
        return _normal_phone(_visible(text), region)
    return text


def _visible(text: str) -> str:
    """Without marks that nobody sees, which phones and chats wrap around numbers and addresses."""
    return "".join(character for character in text if unicodedata.category(character) != "Cf").strip()


def _normal_email(text: str) -> str:
    lower = text.lower()
    local, _, domain = lower.rpartition("@")
    if not _EMAIL.match(lower) or len(lower) > 254 or local in _NOBODYS_MAILBOXES:
        raise BadIdentity(f"“{text[:60]}” is not somebody’s email address")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise BadIdentity(f"“{text[:60]}” is not an email address") from error


def _normal_phone(text: str, region: str) -> str:
    try:
        number = phonenumbers.parse(_ABROAD.sub("+", text), region)
    except phonenumbers.NumberParseException as error:
        raise BadIdentity(f"“{text[:40]}” is not a phone number") from error
    # Possible, not valid: a range opened last month must work today. But not without its area code.
    is_possible = (
        phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    )
    if not is_possible or len(set(str(number.national_number))) == 1:
        raise BadIdentity(f"“{text[:40]}” is not a phone number")
    if number.extension:
        raise BadIdentity(f"“{text[:40]}” is an extension of a number that many share")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def identity_key(workspace_id: uuid.UUID, namespace: str, normal: str) -> uuid.UUID:
    """The id of an identity follows from its value, so an event can be written without a look-up."""
    return name_id(workspace_id, f"{namespace}\x1f{normal}")
