"""Which JWTs are believed. Shapes of hostile ones follow RFC 8725 (JWT best current practices)."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from rapport.channels.chat.claims import JwtRefused, sign, verify
from rapport.kernel.clock import frozen

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEY = "site_" + "a" * 20
SECRET = "s" * 43
OLD = "o" * 43


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _token(secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    payload = {"sub": "akinyi-7", "aud": KEY, "exp": int((NOW + timedelta(minutes=5)).timestamp()), **claims}
    return jwt.encode({key: value for key, value in payload.items() if value is not None}, secret, algorithm)


def _refusal(token: str) -> str:
    with frozen(NOW), pytest.raises(JwtRefused) as refused:
        verify(token, audience=KEY, secrets=(SECRET, OLD))
    return refused.value.code


def test_a_good_one_tells_who_it_is() -> None:
    with frozen(NOW):
        token = sign(
            {"sub": "akinyi-7", "name": "Akinyi Ouma", "email": "a@duka.example", "email_verified": True},
            audience=KEY,
            secret=SECRET,
        )
        said = verify(token, audience=KEY, secrets=(SECRET,))
    assert (said.subject, said.name, said.email, said.email_verified) == (
        "akinyi-7",
        "Akinyi Ouma",
        "a@duka.example",
        True,
    )
    assert said.phone == "" and not said.phone_verified


def test_both_secrets_of_a_rotation_are_believed() -> None:
    with frozen(NOW):
        assert verify(_token(OLD), audience=KEY, secrets=(SECRET, OLD)).subject == "akinyi-7"


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (_token("x" * 43), "jwt_signature"),
        (_token(aud="site_" + "b" * 20), "jwt_audience"),
        (_token(aud=None), "jwt_claim"),
        (_token(sub=None), "jwt_claim"),
        (_token(sub=7), "jwt_claim"),
        (_token(exp=None), "jwt_claim"),
        (_token(exp="soon"), "jwt_claim"),
        (_token(exp=1e300), "jwt_claim"),
        (_token(exp=int((NOW - timedelta(seconds=61)).timestamp())), "jwt_expired"),
        (_token(exp=int((NOW + timedelta(minutes=17)).timestamp())), "jwt_too_long_lived"),
        (_token(nbf=int((NOW + timedelta(minutes=2)).timestamp())), "jwt_not_yet"),
        (_token("s" * 64, "HS512"), "jwt_algorithm"),
        (
            f"{_encoded({'alg': 'none', 'typ': 'JWT'})}.{_encoded({'sub': 'akinyi-7', 'aud': KEY})}.",
            "jwt_algorithm",
        ),
        ("", "jwt_malformed"),
        ("a.b.c", "jwt_malformed"),
        ("é.é.é", "jwt_malformed"),
        ("x" * 5_000, "jwt_too_long"),
    ],
)
def test_others_are_refused_with_a_reason(token: str, code: str) -> None:
    assert _refusal(token) == code


def test_clocks_may_differ_by_a_minute_but_not_by_more() -> None:
    expired = _token(exp=int((NOW - timedelta(seconds=59)).timestamp()))
    long = _token(exp=int((NOW + timedelta(minutes=15, seconds=59)).timestamp()))
    with frozen(NOW):
        assert verify(expired, audience=KEY, secrets=(SECRET,)).subject == "akinyi-7"
        assert verify(long, audience=KEY, secrets=(SECRET,)).subject == "akinyi-7"


def test_without_a_secret_nothing_is_believed() -> None:
    with frozen(NOW), pytest.raises(JwtRefused):
        verify(_token(), audience=KEY, secrets=())
