"""Bearer tokens (API keys, invitation links): shown once, kept only as a digest."""

import hashlib
import hmac
import re
import secrets
import string
from dataclasses import dataclass, field

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
# 34 characters of base62 are 202 bits; the 6 shown in the hint leave 166 unknown.
_RANDOM_LENGTH = 34
_HINT_LENGTH = 6
_LONGEST_TOKEN = 256
_PREFIX = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token: `plain` is shown to its owner once, `digest` and `hint` are stored."""

    plain: str = field(repr=False)
    digest: str
    hint: str


def issue(prefix: str) -> Issued:
    """A new random token such as `rk_live_7Jq…` for the prefix `rk_live`.

    The prefix is lower case letters, digits and single underscores; raises `ValueError` otherwise.
    """
    if len(prefix) > 32 or not _PREFIX.fullmatch(prefix):
        raise ValueError(f"{prefix!r} cannot be a token prefix: lower case letters, digits, underscores")
    body = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM_LENGTH))
    plain = f"{prefix}_{body}"
    return Issued(plain=plain, digest=digest_of(plain), hint=f"{prefix}_{body[:_HINT_LENGTH]}…")


def digest_of(plain: str) -> str:
    """SHA-256 in lower-case hex (64 characters).

    No salt and no slow hash: the tokens are random and long, and a plain digest can be looked up by index.
    """
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def matches(plain: str, digest: str) -> bool:
    """Whether `plain` is the token of `digest`, in time that does not depend on where they differ."""
    if len(plain) > _LONGEST_TOKEN:
        return False
    return hmac.compare_digest(digest_of(plain).encode(), digest.encode("utf-8", "surrogatepass"))
