"""JWTs (RFC 7519) by which a company vouches for the customer on its page. HS256 and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from jwt.exceptions import InvalidSubjectError

from rapport.kernel import clock

LONGEST_LIFE = timedelta(minutes=15)
LEEWAY = timedelta(seconds=60)
LONGEST_TOKEN = 4_096
_LONGEST_CLAIM = 500


class JwtRefused(Exception):
    """The signed identity cannot be believed; ``code`` names the reason, the message is for developers."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Claims:
    """What a company says about the customer it signed in. Empty text: nothing said."""

    subject: str
    email: str = ""
    email_verified: bool = False
    phone: str = ""
    phone_verified: bool = False
    name: str = ""
    language: str = ""


def verify(token: str, *, audience: str, secrets: Sequence[str]) -> Claims:
    """The claims of a JWT signed with one of ``secrets`` for ``audience`` (the site's key).

    It must expire within 15 minutes; clocks may differ by 60 s. Raises ``JwtRefused``.
    """
    if len(token) > LONGEST_TOKEN:
        raise JwtRefused("jwt_too_long", f"a signed identity has at most {LONGEST_TOKEN} characters")
    payload = _signed_payload(token, audience, secrets)
    _check_times(payload)
    return Claims(
        subject=_text(payload, "sub"),
        email=_text(payload, "email"),
        email_verified=payload.get("email_verified") is True,
        phone=_text(payload, "phone_number") or _text(payload, "phone"),
        phone_verified=payload.get("phone_number_verified") is True,
        name=_text(payload, "name"),
        language=_text(payload, "locale") or _text(payload, "language"),
    )


def sign(
    claims: dict[str, Any], *, audience: str, secret: str, lifetime: timedelta = timedelta(minutes=5)
) -> str:
    """A JWT as a company's own server would make it; for the demo shop and for checking an integration."""
    now = clock.now()
    payload = {
        **claims,
        "aud": audience,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
    }
    return jwt.encode(payload, secret, algorithm="HS256")


def _signed_payload(token: str, audience: str, secrets: Sequence[str]) -> dict[str, Any]:
    trouble: jwt.PyJWTError = jwt.InvalidSignatureError("no secret")
    for secret in secrets:
        try:
            return jwt.decode(
                token,
                secret,
                algorithms=["HS256"],
                audience=audience,
                # Times are checked below, against our one clock.
                options={
                    "require": ["sub", "exp", "aud"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except jwt.InvalidSignatureError as error:
            trouble = error
        except jwt.PyJWTError as error:
            raise _refusal(error) from error
    raise _refusal(trouble) from trouble


def _refusal(error: jwt.PyJWTError) -> JwtRefused:
    match error:
        case jwt.InvalidSignatureError():
            return JwtRefused(
                "jwt_signature", "the signature does not fit: another secret signed this identity"
            )
        case jwt.InvalidAlgorithmError():
            return JwtRefused("jwt_algorithm", "a signed identity must use HS256")
        case jwt.MissingRequiredClaimError():
            return JwtRefused("jwt_claim", f"the signed identity lacks “{error.claim}”")
        case jwt.InvalidAudienceError():
            return JwtRefused(
                "jwt_audience", "the signed identity is for another site: “aud” must be the site's key"
            )
        case InvalidSubjectError():
            return JwtRefused("jwt_claim", "“sub” must be the customer's id as text")
        case _:
            return JwtRefused("jwt_malformed", "this is not a signed identity (JWT)")


def _check_times(payload: dict[str, Any]) -> None:
    now = clock.now()
    expires = _moment(payload, "exp")
    if expires is None:
        raise JwtRefused("jwt_claim", "“exp” must be a time in seconds since 1970")
    if expires <= now - LEEWAY:
        raise JwtRefused("jwt_expired", "the signed identity has expired; sign a new one for each page")
    if expires > now + LONGEST_LIFE + LEEWAY:
        raise JwtRefused("jwt_too_long_lived", "a signed identity may live for 15 minutes at most")
    not_before = _moment(payload, "nbf")
    if not_before is not None and not_before > now + LEEWAY:
        raise JwtRefused("jwt_not_yet", "the signed identity is not valid yet; a server's clock is wrong")


def _moment(payload: dict[str, Any], claim: str) -> datetime | None:
    value = payload.get(claim)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise JwtRefused("jwt_claim", f"“{claim}” is not a time") from error


def _text(payload: dict[str, Any], claim: str) -> str:
    value = payload.get(claim)
    return value.strip() if isinstance(value, str) and len(value) <= _LONGEST_CLAIM else ""
