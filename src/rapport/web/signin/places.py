"""Countries, time zones and currencies to choose from, and a first guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies
from django.utils import translation

FALLBACK = "KE"
_REGION = re.compile(r"^[A-Z]{2}$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Guess:
    country: str
    time_zone: str


def countries() -> list[tuple[str, str]]:
    """(code, name) of every country with a time zone, by name in the current language."""
    return _countries(translation.get_language() or "en")


@dataclass(frozen=True, slots=True)
class TimeZone:
    """A time zone of a country; ``former_names`` are what some browsers still call it."""

    name: str
    country: str
    former_names: str


def time_zones() -> list[TimeZone]:
    """Every time zone that lies in a country, by name."""
    return [TimeZone(zone, country, _former_names().get(zone, "")) for zone, country in _zones()]


def time_zone_choices(current: str) -> list[tuple[str, str]]:
    """(IANA name, label) to choose from; ``current`` is among them even when it lies in no country (UTC)."""
    names = sorted({zone for zone, _country in _zones()} | ({current} if current else set()))
    return [(name, name.replace("_", " ")) for name in names]


def currencies() -> list[tuple[str, str]]:
    """(code, code and name) of every currency in use somewhere, by code, in the current language."""
    names = _locale(translation.get_language() or "en").currencies
    return [(code, f"{code} {names.get(code, '')}".strip()) for code in _currencies()]


def currency_of_country(country: str) -> str:
    """The currency that people pay with there (ISO 4217); the euro when that is not known."""
    found = get_territory_currencies(country) if _REGION.fullmatch(country) else []
    return str(found[0]) if found else "EUR"


def guess(accept_language: str) -> Guess:
    """From the browser's languages (``en-KE``); a script on the page knows better where it runs."""
    with_zones = {country for _zone, country in _zones()}
    for part in accept_language[:200].split(","):
        region = part.split(";")[0].strip().rpartition("-")[2].upper()
        if region in with_zones:
            return Guess(region, zone_of_country(region))
    return Guess(FALLBACK, zone_of_country(FALLBACK))


def zone_of_country(country: str) -> str:
    """Its first time zone by name, or UTC."""
    return next((zone for zone, place in _zones() if place == country), "UTC")


@lru_cache(maxsize=1)
def _zones() -> tuple[tuple[str, str], ...]:
    places = get_global("zone_territories")
    known = available_timezones()
    return tuple(sorted((zone, places[zone]) for zone in known if _is_country(places.get(zone, ""))))


def _is_country(code: str) -> bool:
    # CLDR files zones that lie nowhere under ZZ.
    return code != "ZZ" and _REGION.fullmatch(code) is not None


@lru_cache(maxsize=1)
def _former_names() -> dict[str, str]:
    names: dict[str, list[str]] = {}
    for former, present in get_global("zone_aliases").items():
        names.setdefault(present, []).append(former)
    return {present: " ".join(sorted(former)) for present, former in names.items()}


@lru_cache(maxsize=8)
def _countries(language: str) -> list[tuple[str, str]]:
    names = _locale(language).territories
    codes = {country for _zone, country in _zones()}
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: pair[1].casefold())


@lru_cache(maxsize=1)
def _currencies() -> list[str]:
    return sorted({currency_of_country(country) for _zone, country in _zones()})


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    return Locale.parse(translation.to_locale(language))
