import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from rapport.kernel import clock, signing, tokens

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def signed(payload: dict[str, object] | None = None, *, purpose: str = "survey", key: bytes = KEY) -> str:
    return signing.sign(payload or {"invitation": 7}, purpose=purpose, expires_in=timedelta(days=1), key=key)


def test_a_token_is_long_random_and_stored_only_as_a_digest() -> None:
    made = [tokens.issue("rk_live") for _ in range(200)]
    assert len({token.plain for token in made}) == 200
    for token in made:
        assert token.plain.startswith("rk_live_") and token.plain[8:].isalnum() and token.plain.isascii()
        # 62^28 > 2^160: even who has seen the hint misses 160 bits.
        assert len(token.plain) - len(token.hint.rstrip("…")) >= 28
        assert token.plain.startswith(token.hint.rstrip("…"))
        assert token.digest == hashlib.sha256(token.plain.encode()).hexdigest()
        assert token.plain not in repr(token)


def test_only_the_token_itself_matches_its_digest() -> None:
    token, other = tokens.issue("rk_live"), tokens.issue("rk_live")
    assert tokens.matches(token.plain, token.digest)
    for wrong in ("", other.plain, token.plain[:-1], token.plain.swapcase(), "é\ud800\0", token.plain * 1000):
        assert not tokens.matches(wrong, token.digest)
    assert not tokens.matches(token.plain, "")
    assert not tokens.matches(token.plain, "é")


@pytest.mark.parametrize("prefix", ["", "RK", "rk live", "_rk", "rk_", "rk__live", "ключ", "a" * 33])
def test_odd_token_prefixes_are_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        tokens.issue(prefix)


def test_a_signed_value_opens_for_its_purpose_until_it_expires() -> None:
    with clock.frozen(NOON) as time:
        value = signed({"invitation": 7, "name": "Wanjirũ"})
        assert signing.unsign(value, purpose="survey", key=KEY) == {"invitation": 7, "name": "Wanjirũ"}
        opened = signing.open_signed(value, purpose="survey", key=KEY)
        assert (opened.issued_at, opened.expires_at) == (NOON, NOON + timedelta(days=1))
        time.advance(timedelta(days=1) - timedelta(seconds=1))
        signing.unsign(value, purpose="survey", key=KEY)
        time.advance(timedelta(seconds=1))
        with pytest.raises(signing.Expired):
            signing.unsign(value, purpose="survey", key=KEY)


def test_a_value_for_one_purpose_or_key_does_not_open_for_another() -> None:
    value = signed()
    with pytest.raises(signing.BadSignature):
        signing.unsign(value, purpose="password", key=KEY)
    with pytest.raises(signing.BadSignature):
        signing.unsign(value, purpose="survey", key=OTHER_KEY)
    with pytest.raises(signing.BadSignature):
        signing.unsign(value, purpose="survey", key=[])


def test_during_a_rotation_old_values_still_open() -> None:
    value = signed(key=OTHER_KEY)
    assert signing.unsign(value, purpose="survey", key=[KEY, OTHER_KEY]) == {"invitation": 7}


def test_every_changed_character_is_noticed() -> None:
    value = signed()
    for position in range(len(value)):
        changed = value[:position] + ("A" if value[position] != "A" else "B") + value[position + 1 :]
        with pytest.raises(signing.BadSignature):
            signing.unsign(changed, purpose="survey", key=KEY)


@pytest.mark.parametrize(
    "value", ["", ".", "a.b", "a.b.c", "é.é", "\0.\0", "=.=", "." * 50, "A" * 10_000_000, "\ud800.\ud800"]
)
def test_hostile_values_are_bad_signatures(value: str) -> None:
    with pytest.raises(signing.BadSignature):
        signing.unsign(value, purpose="survey", key=KEY)


def test_the_same_bytes_cannot_be_spelled_in_two_ways() -> None:
    value = signed()
    for spelled in (value + "=", value + "\n", value.replace(".", "=."), " " + value):
        with pytest.raises(signing.BadSignature):
            signing.unsign(spelled, purpose="survey", key=KEY)


def test_a_value_from_the_future_is_refused_but_small_clock_differences_are_not() -> None:
    with clock.frozen(NOON + timedelta(minutes=4)) as time:
        near = signed()
        time.advance(timedelta(minutes=2))
        far = signed()
    with clock.frozen(NOON):
        assert signing.unsign(near, purpose="survey", key=KEY)
        with pytest.raises(signing.BadSignature, match="future"):
            signing.unsign(far, purpose="survey", key=KEY)


def test_what_cannot_be_signed_is_refused() -> None:
    for payload in ({"at": NOON}, {"score": float("nan")}, {"text": "x" * 5_000}, {"half": "\ud800"}):
        with pytest.raises(ValueError):
            signed(payload)
    with pytest.raises(ValueError, match="32 bytes"):
        signed(key=b"short")
    with pytest.raises(ValueError, match="second"):
        signing.sign({}, purpose="x", expires_in=timedelta(0), key=KEY)


def test_a_signed_value_fits_the_local_part_of_a_mail_address() -> None:
    # RFC 5321 section 4.5.3.1.1: 64 octets.
    assert len("r+" + signed({"c": 123456})) <= 72
