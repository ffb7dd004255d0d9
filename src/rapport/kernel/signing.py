"""Short signed values for links and addresses: purpose, issue time, expiry, HMAC-SHA256.

A value is `body.mac`, both base64url without padding. The body is JSON: `[issued, lifetime, payload]`,
seconds since 1970 and seconds. It is signed, not hidden: put no secret into it.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rapport.kernel import clock

# Half of SHA-256, the least RFC 2104 section 5 advises, so that a value fits a mail address.
_MAC_BYTES = 16
_SHORTEST_KEY = 32
_LONGEST_VALUE = 4096
# Two servers' clocks may differ by this much before a value counts as coming from the future.
_SKEW = timedelta(minutes=5)


class BadSignature(ValueError):
    """The value was not made by us for this purpose, or was changed."""


class Expired(BadSignature):
    """The value was ours and is too old."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A value that was checked."""

    payload: dict[str, Any]
    issued_at: datetime
    expires_at: datetime


def sign(payload: Mapping[str, Any], *, purpose: str, expires_in: timedelta, key: bytes) -> str:
    """Sign a small JSON object for one purpose; it opens for `expires_in` from now.

    Raises `ValueError` when it is not JSON, longer than 4096 characters, or the key is under 32 bytes.
    """
    lifetime = int(expires_in.total_seconds())
    if lifetime <= 0:
        raise ValueError("a signed value must live for at least one second")
    issued = int(clock.now().timestamp())
    try:
        text = json.dumps(
            [issued, lifetime, dict(payload)], separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        body = _encode(text.encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"only plain JSON can be signed: {error}") from error
    value = f"{body}.{_encode(_mac(body, purpose=purpose, key=key))}"
    if len(value) > _LONGEST_VALUE:
        raise ValueError(f"a signed value may have {_LONGEST_VALUE} characters, this one has {len(value)}")
    return value


def unsign(value: str, *, purpose: str, key: bytes | Sequence[bytes]) -> dict[str, Any]:
    """The payload of a signed value. Raises `BadSignature`, or `Expired` when it was ours and is too old.

    Several keys may be given during a rotation; any of them may have signed.
    """
    return open_signed(value, purpose=purpose, key=key).payload


def open_signed(value: str, *, purpose: str, key: bytes | Sequence[bytes]) -> Opened:
    """Like `unsign`, with the times, for values that an event (a changed password) makes void."""
    body = _verified_body(value, purpose=purpose, keys=[key] if isinstance(key, bytes) else key)
    try:
        issued, lifetime, payload = json.loads(_decode(body))
        issued_at = datetime.fromtimestamp(issued, UTC)
        expires_at = issued_at + timedelta(seconds=lifetime)
    except (ValueError, TypeError, OverflowError, OSError, RecursionError) as error:
        raise BadSignature("this link or code is not valid") from error
    if not isinstance(payload, dict):
        raise BadSignature("this link or code is not valid")
    now = clock.now()
    if issued_at > now + _SKEW:
        raise BadSignature("this link or code comes from the future; a server's clock is wrong")
    if now >= expires_at:
        raise Expired("this link or code has expired")
    return Opened(payload=payload, issued_at=issued_at, expires_at=expires_at)


def _verified_body(value: str, *, purpose: str, keys: Sequence[bytes]) -> str:
    if len(value) > _LONGEST_VALUE or value.count(".") != 1 or not value.isascii():
        raise BadSignature("this link or code is not valid")
    body, given = value.split(".")
    # The text is compared, not the decoded bytes: base64 has several spellings of the same bytes, and a
    # value with two spellings would slip past a list of used values.
    fits = [hmac.compare_digest(_encode(_mac(body, purpose=purpose, key=key)), given) for key in keys]
    if not any(fits):
        raise BadSignature("this link or code is not valid")
    return body


def _mac(body: str, *, purpose: str, key: bytes) -> bytes:
    if len(key) < _SHORTEST_KEY:
        raise ValueError(f"a signing key needs at least {_SHORTEST_KEY} bytes")
    # A key of its own for each purpose: a value for one page never opens another.
    own_key = hmac.digest(key, b"rapport signing 1:" + purpose.encode(), hashlib.sha256)
    return hmac.digest(own_key, body.encode("ascii"), hashlib.sha256)[:_MAC_BYTES]


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise BadSignature("this link or code is not valid") from error
