"""Cleaning what people type: one form of Unicode, no invisible surprises."""

import re
import unicodedata
from enum import StrEnum

from django.utils.translation import gettext as _

# CR LF, CR, NEL, LINE SEPARATOR and PARAGRAPH SEPARATOR all become one line feed.
_LINE_ENDINGS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
# Embeddings, overrides and isolates: in one line they can make "exe.gpj" read "jpg.exe" and spill over
# into the text beside it. The harmless marks (LRM, RLM, ALM) stay.
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# UAX #15 section 13: no language needs more than 30 combining marks in a row. The normaliser sorts a run
# in quadratic time (16,000 pairs took 1 s), so longer runs are refused before it sees them.
_LONGEST_MARK_RUN = 30
_BLANKS = " \t\n\u00a0\u3000\ufeff"


class TextFault(StrEnum):
    """Why a text was refused."""

    NOT_TEXT = "not_text"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    LINE_BREAK = "line_break"
    CONTROL = "control"
    SURROGATE = "surrogate"
    BIDI = "bidi"
    MARKS = "marks"


class TextRejected(ValueError):
    """The text cannot be taken; `message` says why in words for a person."""

    def __init__(self, code: TextFault, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def clean_line(value: object, *, max_chars: int) -> str:
    """A single line: NFC, blanks at both ends removed, tabs become spaces, 1 to `max_chars` code points.

    Raises `TextRejected` for line breaks, control characters, unpaired surrogates and bidi controls.
    """
    text = _as_text(value, max_chars=max_chars)
    text = _LINE_ENDINGS.sub("\n", text).strip(_BLANKS).replace("\t", " ")
    if "\n" in text:
        raise TextRejected(TextFault.LINE_BREAK, _("This must be a single line."))
    _refuse_controls(text)
    if _BIDI_CONTROLS.search(text):
        raise TextRejected(
            TextFault.BIDI, _("This contains invisible characters that reverse the direction of text.")
        )
    return _composed(text, max_chars=max_chars)


def clean_text(value: object, *, max_chars: int) -> str:
    """Text of several lines: NFC, line endings are line feeds, blanks at the end and blank lines at the
    start removed, 1 to `max_chars` code points. Blanks inside stay, they can mean something ("-- ").

    Raises `TextRejected` for control characters other than tab and for unpaired surrogates.
    """
    text = _as_text(value, max_chars=max_chars)
    text = _LINE_ENDINGS.sub("\n", text).rstrip(_BLANKS).lstrip("\ufeff\n")
    _refuse_controls(text)
    return _composed(text, max_chars=max_chars)


def _as_text(value: object, *, max_chars: int) -> str:
    if not isinstance(value, str):
        raise TextRejected(TextFault.NOT_TEXT, _("This must be text."))
    # Composing and trimming shorten honest text at most fourfold; refuse the absurd before working on it.
    if len(value) > 4 * max_chars + 1024:
        raise _too_long(len(value), max_chars=max_chars)
    return value


def _refuse_controls(text: str) -> None:
    if found := _CONTROLS.search(text):
        raise TextRejected(
            TextFault.CONTROL,
            _("This contains an invisible control character (%(code)s) at position %(position)s.")
            % {"code": f"U+{ord(found.group()):04X}", "position": found.start() + 1},
        )
    if found := _SURROGATES.search(text):
        raise TextRejected(
            TextFault.SURROGATE,
            _("This contains a broken character at position %(position)s.") % {"position": found.start() + 1},
        )


def _composed(text: str, *, max_chars: int) -> str:
    _refuse_long_mark_runs(text)
    composed = unicodedata.normalize("NFC", text)
    if len(composed) > max_chars:
        raise _too_long(len(composed), max_chars=max_chars)
    if not any(_is_visible(char) for char in composed):
        raise TextRejected(TextFault.EMPTY, _("This must not be empty."))
    return composed


def _refuse_long_mark_runs(text: str) -> None:
    if text.isascii():
        return
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run > _LONGEST_MARK_RUN:
            raise TextRejected(TextFault.MARKS, _("This stacks too many accents on one letter."))


def _is_visible(char: str) -> bool:
    return not (char.isspace() or unicodedata.category(char) in {"Cf", "Cc", "Zs", "Zl", "Zp"})


def _too_long(length: int, *, max_chars: int) -> TextRejected:
    message = _("This may have at most %(most)s characters, it has %(length)s.")
    return TextRejected(TextFault.TOO_LONG, message % {"most": max_chars, "length": length})
