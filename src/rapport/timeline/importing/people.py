"""Whom a row is about."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from babel import Locale

from rapport.customers.bulk import Mark, Somebody
from rapport.customers.rules import NAMESPACES, BadIdentity, Level, normal_form
from rapport.timeline.importing import values
from rapport.timeline.importing.files import Row
from rapport.timeline.importing.mapping import ColumnMap
from rapport.timeline.importing.problems import RowRefused
from rapport.timeline.importing.values import Reading

#: A case without a customer of its own stands for whoever it was about.
CASE_NAMESPACE = "ext:case"
# Data frames turn a column of whole numbers with gaps into 17850.0.
_FLOATED = re.compile(r"^(\d+)\.0$")
_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}([-_][A-Za-z]{2,4})?$")


def somebody(row: Row, mapping: ColumnMap, *, at: datetime, reading: Reading) -> Somebody | None:
    """The customer as the row describes them; ``None`` when it names nobody. Raises ``RowRefused``."""
    marks = [mark(namespace, value, reading) for namespace, value in _named(row, mapping)]
    if not marks:
        return None
    return Somebody(
        tuple(dict.fromkeys(marks)),
        at,
        name=values.line(mapping.value(row, "customer_name"), max_chars=160, what="name"),
        language=_language(str(mapping.value(row, "language"))),
        country=country_code(str(mapping.value(row, "country"))),
        town=values.line(mapping.value(row, "town"), max_chars=80, what="town"),
    )


def case_as_somebody(source: str, case: str, *, at: datetime) -> Somebody:
    """The unknown customer behind a case."""
    return Somebody((Mark(CASE_NAMESPACE, f"{source}/{case}"[:500], Level.UNKNOWN),), at)


def at_moment(person: Somebody, at: datetime) -> Somebody:
    return replace(person, at=at)


def mark(namespace: str, value: str, reading: Reading) -> Mark:
    """An identity in its normal form. Raises ``RowRefused``."""
    if namespace == "user_id" and (floated := _FLOATED.match(value)):
        value = floated[1]
    try:
        return Mark(namespace, normal_form(namespace, value, region=reading.region))
    except BadIdentity as error:
        raise RowRefused(f"{NAMESPACES.get(namespace, namespace)}: {error}") from error


def _named(row: Row, mapping: ColumnMap) -> list[tuple[str, str]]:
    found = []
    value = str(mapping.value(row, "identity")).strip()
    if value:
        found.append((str(mapping.value(row, "namespace")).strip() or "user_id", value))
    for namespace in mapping.identities:
        value = str(mapping.value(row, namespace)).strip()
        if value:
            found.append((namespace, value))
    return found


def _language(text: str) -> str:
    return text.strip() if _LANGUAGE.match(text.strip()) else ""


def country_code(text: str) -> str:
    """ISO 3166 of a country given by its code or English name; empty when we know none such."""
    word = text.strip()
    if not word:
        return ""
    codes, names = _countries()
    return word.upper() if word.upper() in codes else names.get(word.casefold(), "")


@lru_cache(maxsize=1)
def _countries() -> tuple[frozenset[str], dict[str, str]]:
    """The codes, and the code of each English name."""
    known = Locale("en").territories.items()
    names = {str(name).casefold(): code for code, name in known if len(code) == 2 and code.isalpha()}
    return frozenset(names.values()), names
