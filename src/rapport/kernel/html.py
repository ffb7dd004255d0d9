"""Making HTML from outside safe to show, and turning it into text and back.

The result of `clean` is still shown in a sandboxed frame with a strict content policy: two walls.
"""

import html as entities
import re
from collections.abc import Callable

import nh3

from rapport.kernel.html_markup import VOID, End, Start, Text, flattened, tokens

MAX_BYTES = 1024 * 1024

_TAG_NAMES = """
    a abbr b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn div dl dt em
    figcaption figure font h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q rp rt ruby s samp small span
    strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr
"""
_TAGS = frozenset(_TAG_NAMES.split())
_ATTRIBUTES = {
    "*": {"dir", "lang", "style", "title"},
    "a": {"href"},
    "col": {"span"},
    "colgroup": {"span"},
    "font": {"color"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed", "type"},
    "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign", "scope"},
    "time": {"datetime"},
}
# Nothing that fetches, moves, covers or hides.
_STYLES = {
    "background-color", "color", "direction", "font-style", "font-weight", "list-style-type", "text-align",
    "text-decoration", "vertical-align", "white-space",
}  # fmt: skip
# Values that could fetch (url, image-set), run (expression in old browsers) or dodge these checks (escapes).
_BAD_STYLE = re.compile(r"\\|/\*|@|url|image|expression|attr\s*\(|var\s*\(", re.IGNORECASE)
_SCHEMES = {"http", "https", "mailto", "tel"}

_BLOCK_NAMES = """
    address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form
    header hr main nav section summary tr caption
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre"})
_BLANKS = re.compile(r"[ \t\n\f\r\xa0]+")
_EMPTY_LINES = re.compile(r"\n{3,}")

_LONGEST_LINK = 2_048
_PIECES = re.compile(r"(\s+)")
_LINK = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
_MAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}", re.IGNORECASE
)
_URL = re.compile(
    r"https?://[^\s<>\"'`\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069]+", re.IGNORECASE
)
_TRAILING = ".,:;!?…*_~'\""
_BRACKETS = {")": "(", "]": "[", "}": "{"}


class HtmlTooLarge(ValueError):
    """The document is larger than may be cleaned; show its text instead."""


def clean(
    html: str,
    *,
    max_depth: int = 100,
    max_bytes: int = MAX_BYTES,
    images: Callable[[str], str | None] | None = None,
) -> str:
    """HTML without anything that could run, submit, fetch or cover; safe to put into a page.

    Links open elsewhere and tell nothing. Tags nested deeper than `max_depth` go, their text stays.
    Images go unless `images` maps an image's source (such as `cid:…`) to an address of ours, which may be
    relative, or to None. Raises `HtmlTooLarge` above `max_bytes` of UTF-8.
    """
    _refuse_large(html, max_bytes=max_bytes)
    tags = _TAGS | {"img"} if images else _TAGS
    ours: set[str] = set()

    def rewrite(tag: str, attribute: str, value: str) -> str | None:
        if images and (tag, attribute) == ("img", "src"):
            source = images(entities.unescape(value).strip())
            if source is None:
                return None
            ours.add(source)
            return entities.escape(source)
        return value if attribute in _ATTRIBUTES["*"] or attribute in _ATTRIBUTES.get(tag, ()) else None

    return nh3.clean(
        flattened(_without_surrogates(html), max_depth=max_depth, tags=tags, rewrite=rewrite),
        tags=tags,
        attributes=_ATTRIBUTES,
        attribute_filter=_without_bad_style,
        url_schemes=_SCHEMES,
        # Relative links would point into our own pages; only what `images` made may be relative.
        url_relative=lambda url: url if url in ours else None,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        filter_style_properties=_STYLES,
        strip_comments=True,
    )


def to_text(html: str, *, links: bool = False) -> str:
    """What a reader of the HTML sees, as plain text with line breaks; never fails on bad HTML.

    With `links`, the address of a link follows its words in brackets unless the words are the address.
    """
    page = _Page()
    # Links do not nest: another one ends the first, as in a browser.
    mark, target = 0, ""
    for token in tokens(html):
        match token:
            case Text(raw):
                page.write(entities.unescape(raw))
            case Start(name, attributes):
                page.start(name, alt=entities.unescape(attributes.get("alt", "")))
                if links and name == "a":
                    mark, target = page.mark(), entities.unescape(attributes.get("href", "")).strip()
            case End(name):
                if name == "a" and _LINK.match(target):
                    if target not in page.since(mark):
                        page.write(f" ({target})")
                    target = ""
                page.end(name)
    return page.text()


def linkify(text: str) -> str:
    """Plain text as escaped HTML in which http, https and mail addresses are links. Line breaks stay."""
    return "".join(
        piece if not piece or piece.isspace() else _with_link(piece) for piece in _PIECES.split(text)
    )


class _Page:
    """Lines of text under construction."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._breaks = 0
        self._blank = False
        self._preformatted = 0

    def write(self, text: str) -> None:
        if self._preformatted:
            self._put(text.replace("\r\n", "\n"))
            return
        collapsed = _BLANKS.sub(" ", text)
        words = collapsed.strip(" ")
        if not words:
            self._blank = self._blank or bool(collapsed)
            return
        self._blank = self._blank or collapsed.startswith(" ")
        self._put(words)
        self._blank = collapsed.endswith(" ")

    def start(self, name: str, *, alt: str) -> None:
        if name == "br":
            if self._parts:
                self._parts.append("\n" * (self._breaks + 1))
            self._breaks, self._blank = 0, False
        elif name == "img" and alt:
            self.write(alt)
        elif name == "li":
            self._break(1)
            self.write("- ")
        elif name in {"td", "th"}:
            self._blank = True
        elif name not in VOID or name == "hr":
            self._separate(name)
        if name == "pre":
            self._preformatted += 1

    def end(self, name: str) -> None:
        if name == "pre":
            self._preformatted = max(0, self._preformatted - 1)
        self._separate(name)

    def mark(self) -> int:
        return len(self._parts)

    def since(self, mark: int) -> str:
        return "".join(self._parts[mark:])

    def text(self) -> str:
        lines = "".join(self._parts).split("\n")
        return _EMPTY_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")

    def _separate(self, name: str) -> None:
        if name in _PARAGRAPHS:
            self._break(2)
        elif name in _BLOCKS or name == "li":
            self._break(1)

    def _break(self, lines: int) -> None:
        self._breaks, self._blank = max(self._breaks, lines), False

    def _put(self, text: str) -> None:
        if self._breaks and self._parts:
            self._parts.append("\n" * self._breaks)
        elif self._blank and self._parts and not self._parts[-1].endswith((" ", "\n")):
            self._parts.append(" ")
        self._breaks, self._blank = 0, False
        self._parts.append(text)


def _with_link(piece: str) -> str:
    found = _LINK.search(piece)
    if len(piece) > _LONGEST_LINK or (found is None and "@" not in piece):
        return entities.escape(piece)
    if found is None or found.group().lower() == "mailto:":
        start = found.start() if found else len(piece) - len(piece.lstrip("<([{\"'"))
        return _linked(
            piece, start, shown_prefix=found.group() if found else "", pattern=_MAIL, scheme="mailto:"
        )
    return _linked(piece, found.start(), shown_prefix="", pattern=_URL, scheme="")


def _linked(piece: str, start: int, *, shown_prefix: str, pattern: re.Pattern[str], scheme: str) -> str:
    address = pattern.match(piece, start + len(shown_prefix))
    target = _without_trailing(address.group()) if address else ""
    # A scheme alone is not an address.
    if not target or target.endswith("://"):
        return entities.escape(piece)
    end = start + len(shown_prefix) + len(target)
    return (
        f"{entities.escape(piece[:start])}"
        f'<a href="{entities.escape(scheme + target)}" target="_blank" rel="noopener noreferrer nofollow">'
        f"{entities.escape(piece[start:end])}</a>{entities.escape(piece[end:])}"
    )


def _without_trailing(address: str) -> str:
    """Without the punctuation of the sentence around it; a bracket that was opened inside stays closed."""
    while address:
        last = address[-1]
        opening = _BRACKETS.get(last)
        if last not in _TRAILING and (opening is None or address.count(last) <= address.count(opening)):
            return address
        address = address[:-1]
    return address


def _refuse_large(html: str, *, max_bytes: int) -> None:
    # Only texts near the limit need their bytes counted.
    if len(html) > max_bytes or (
        len(html) * 4 > max_bytes and len(html.encode("utf-8", "replace")) > max_bytes
    ):
        raise HtmlTooLarge(f"the HTML has more than {max_bytes} bytes")


def _without_surrogates(html: str) -> str:
    # nh3 takes UTF-8, which has no place for half a character.
    return html.encode("utf-8", "replace").decode("utf-8")


def _without_bad_style(tag: str, attribute: str, value: str) -> str | None:
    return None if attribute == "style" and _BAD_STYLE.search(value) else value
