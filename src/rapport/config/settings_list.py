"""The list that `rapport settings` prints."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rich.table import Table

from rapport.config.options import Options, place_of, variables

MASK = "••••••"


@dataclass(frozen=True)
class Line:
    """One setting. ``value`` shows no password."""

    name: str
    variables: tuple[str, ...]
    value: str
    source: str
    meaning: str


def lines(options: Options) -> list[Line]:
    """Every setting in the order of its declaration."""
    return [
        Line(
            name=name,
            variables=variables(name),
            value=_shown(getattr(options, name)),
            source=place_of(name),
            meaning=field.description or "",
        )
        for name, field in Options.model_fields.items()
    ]


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return _masked(str(value))


def _masked(text: str) -> str:
    """An address without its password, wherever libpq or SMTP allow it to stand."""
    text = re.sub(r"(?<=://)([^:@/?]*):([^/?]*)@", rf"\1:{MASK}@", text)
    return re.sub(r"([?&](?:ssl)?password=)[^&]*", rf"\1{MASK}", text)


def table(options: Options) -> Table:
    shown = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("Setting", "Variable", "Value", "From", "Meaning"):
        shown.add_column(heading, overflow="fold", no_wrap=heading in {"Setting", "Variable"})
    for line in lines(options):
        shown.add_row(line.name, " ".join(line.variables), line.value, line.source, line.meaning)
    return shown
