"""Settings: where they come from, what wins, and what is said when one is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rapport.config.database import django_database
from rapport.config.mail import smtp_settings
from rapport.config.options import BadSetting, Options, place_of, read, unknown_variables, variables
from rapport.config.settings_list import lines

ROOT = Path(__file__).parents[4]


@pytest.fixture
def toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty rapport.toml, and an environment without settings."""
    for name in [name for name in os.environ if name.startswith("RAPPORT_") or name == "PORT"]:
        monkeypatch.delenv(name)
    path = tmp_path / "rapport.toml"
    monkeypatch.setenv("RAPPORT_CONFIG", str(path))
    return path


def test_without_anything_the_defaults_hold(toml: Path) -> None:
    assert read().port == 8000
    assert read().embedded_database
    assert place_of("port") == "default"


def test_a_line_of_the_file_beats_the_default(toml: Path) -> None:
    toml.write_text("port = 9001\ninternal_networks = '10.1.0.0/16, 10.2.0.0/16'\n")
    assert read().port == 9001
    assert read().internal_networks == ["10.1.0.0/16", "10.2.0.0/16"]
    assert place_of("port") == f"{toml}, port"


def test_the_environment_beats_the_file(toml: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml.write_text("port = 9001\n")
    monkeypatch.setenv("PORT", "9002")
    assert (read().port, place_of("port")) == (9002, "PORT")
    monkeypatch.setenv("RAPPORT_PORT", "9003")
    assert (read().port, place_of("port")) == (9003, "RAPPORT_PORT")


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("PORT", "eight", "PORT: Input should be a valid integer"),
        ("RAPPORT_PORT", "70000", "RAPPORT_PORT: Input should be less than or equal to 65535"),
        ("RAPPORT_DEBUG", "perhaps", "RAPPORT_DEBUG: Input should be a valid boolean"),
        (
            "RAPPORT_DATABASE_URL",
            "mysql://a:secret@b/c",
            "RAPPORT_DATABASE_URL: must start with postgresql://",
        ),
        ("RAPPORT_BASE_URL", "duka.example", "RAPPORT_BASE_URL: must start with http:// or https://"),
        ("RAPPORT_LANGUAGE", "tlh", "RAPPORT_LANGUAGE: Input should be"),
    ],
)
def test_a_wrong_value_is_named_but_not_shown(
    toml: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(BadSetting) as refused:
        read()
    assert str(refused.value).startswith(said)
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("prot = 1", "rapport.toml: prot is not a setting; see: rapport settings"),
        ("port = 'x'", "rapport.toml, port: Input should be a valid integer"),
        ("port = ", "rapport.toml: Invalid value "),
    ],
)
def test_a_wrong_line_of_the_file_is_named(toml: Path, content: str, said: str) -> None:
    toml.write_text(content)
    with pytest.raises(BadSetting) as refused:
        read()
    assert said in str(refused.value)


def test_a_misspelt_variable_is_found(toml: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert unknown_variables() == []
    monkeypatch.setenv("RAPPORT_PROT", "8001")
    assert unknown_variables() == ["RAPPORT_PROT"]


def test_the_list_shows_every_setting_and_no_password(toml: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_DATABASE_URL", "postgresql://duka:jambo@db.example/duka?sslpassword=habari")
    monkeypatch.setenv("RAPPORT_SMTP_URL", "smtp://otieno:karibu@mail.example")
    shown = lines(read())
    assert [line.name for line in shown] == list(Options.model_fields)
    assert all(line.meaning for line in shown)
    everything = " ".join(line.value for line in shown)
    assert "db.example" in everything
    assert not any(secret in everything for secret in ("jambo", "habari", "karibu"))


def test_the_reference_names_every_setting() -> None:
    reference = (ROOT / "docs" / "reference" / "settings.md").read_text()
    for name in Options.model_fields:
        assert f"## `{name}`" in reference
        for variable in variables(name):
            assert f"`{variable}`" in reference


def test_a_postgresql_address_becomes_django_settings_with_a_pool() -> None:
    found = django_database("postgresql://duka:p%40ss@db.example:6432/shop?sslmode=require", pool=7)
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("shop", "duka", "p@ss")
    assert (found["HOST"], found["PORT"], found["CONN_MAX_AGE"]) == ("db.example", "6432", 0)
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["pool"]["max_size"] == 7


@pytest.mark.parametrize(
    "url", ["postgresql://duka:secret@db:port/x", "postgresql://%zz:secret@db/x", "postgresql://"]
)
def test_an_address_that_libpq_cannot_read_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(BadSetting) as refused:
        django_database(url, pool=2)
    assert "secret" not in str(refused.value)


def test_mail_passwords_never_cross_the_network_in_the_clear() -> None:
    plain = smtp_settings("smtp://localhost:25")
    assert (plain["EMAIL_PORT"], plain["EMAIL_USE_TLS"], plain["EMAIL_USE_SSL"]) == (25, False, False)
    later = smtp_settings("smtp://otieno:p%3Aw@mail.example")
    assert (later["EMAIL_PORT"], later["EMAIL_USE_TLS"], later["EMAIL_HOST_PASSWORD"]) == (587, True, "p:w")
    first = smtp_settings("smtps://otieno:pw@mail.example")
    assert (first["EMAIL_PORT"], first["EMAIL_USE_SSL"], first["EMAIL_USE_TLS"]) == (465, True, False)


@pytest.mark.parametrize("url", ["mail.example", "http://a:secret@b", "smtp://a:secret@mail:port"])
def test_a_strange_mail_address_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(BadSetting) as refused:
        smtp_settings(url)
    assert "secret" not in str(refused.value)


def test_the_reference_gives_every_meaning() -> None:
    reference = (ROOT / "docs" / "reference" / "settings.md").read_text()
    for name, field in Options.model_fields.items():
        assert field.description in reference, name
