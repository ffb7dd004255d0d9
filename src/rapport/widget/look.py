"""Colours of a brand made readable: WCAG 2 relative luminance and contrast, on sRGB ``#rrggbb``."""

from __future__ import annotations

import re

_HEX = re.compile(r"#[0-9a-f]{6}", re.ASCII | re.IGNORECASE)
_FALLBACK = "#0f766e"
LEAST_CONTRAST = 4.5
DARK_PAPER = "#1c1c1a"
LIGHT_PAPER = "#ffffff"


def accent_or_default(colour: str) -> str:
    """The colour if it is one; it goes into a style sheet, so nothing else may."""
    return colour.lower() if _HEX.fullmatch(colour) else _FALLBACK


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on ``colour`` (at least 4.58 : 1 on any colour)."""
    ground = _luminance(accent_or_default(colour))
    return "#ffffff" if _ratio(1.0, ground) >= _ratio(0.0, ground) else "#000000"


def readable_on(colour: str, paper: str) -> str:
    """``colour`` moved towards black or white until text in it has a contrast of 4.5 on ``paper``."""
    wanted, ground = accent_or_default(colour), _luminance(paper)
    target = 0 if ground > 0.5 else 255
    channels = _channels(wanted)
    for step in range(21):
        mixed = tuple(round(value + (target - value) * step / 20) for value in channels)
        text = "#{:02x}{:02x}{:02x}".format(*mixed)
        if _ratio(_luminance(text), ground) >= LEAST_CONTRAST:
            return text
    return "#000000" if target == 0 else "#ffffff"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    return _ratio(_luminance(one), _luminance(other))


def _ratio(one: float, other: float) -> float:
    lighter, darker = max(one, other), min(one, other)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(value / 255) for value in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
