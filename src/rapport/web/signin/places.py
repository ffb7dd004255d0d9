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


def time_zones() -> list[tuple[str, str]]:
    """(IANA name, country) of every time zone that lies in a country, by name."""
    return list(_zones())


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
    return tuple(sorted((zone, places[zone]) for zone in known if _REGION.fullmatch(places.get(zone, ""))))


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
