"""Samples for the style guide at ``/design``: every component in every state, from the real macros."""

from __future__ import annotations

from typing import Any

from rapport.stats import wilson

_ICONS = (
    "pulse inbox customers journeys feedback insight settings search chat email phone whatsapp sms store web import"
    " note reply check double-check clock snooze assign team promise alert order truck money eye merge identity"
    " close back next down up flat more send copy plus sun key leave help panel"
)


def samples() -> dict[str, Any]:
    return {
        "icons": _ICONS.split(),
        "estimates": [wilson(412, 480), wilson(17, 24), wilson(2, 3)],
        "people": ["Wanjiru Kamau", "Otieno Odhiambo", "Amina Hassan", "María Fernández", "João", "王小明"],
        "tones": ["", "good", "warn", "bad", "accent"],
        "colours": [
            "paper",
            "surface",
            "sunken",
            "hover",
            "line",
            "line-strong",
            "ink",
            "ink-2",
            "ink-3",
            "accent",
            "accent-soft",
            "accent-line",
            "good",
            "good-soft",
            "warn",
            "warn-soft",
            "bad",
            "bad-soft",
            "note",
            "focus",
        ],
    }
