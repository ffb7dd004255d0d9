"""Reading HTML as a flat run of tags and text, and limiting how deep it nests.

A tree builder such as the one inside nh3 needs time that grows with the square of the depth: 50,000 nested
`<div>` (250 KB) took 15 s. So the depth is limited before a tree is built, on tokens, in one pass.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

_NAME = re.compile(r"[a-zA-Z][^\t\n\f\r />]*")
_BETWEEN = re.compile(r"[\t\n\f\r /]*")
# One attribute as the HTML standard reads it (section 13.2.5.32 ff.): a name, and perhaps a value in double,
# single or no quotes. Possessive by construction: no alternative can match what an earlier one has begun.
_ATTRIBUTE = re.compile(
    r"""
    ([^\t\n\f\r\ />] [^\t\n\f\r\ />=]*)
    (?: [\t\n\f\r\ ]* = [\t\n\f\r\ ]*
        (?: "([^"]*)" | '([^']*)' | ([^\t\n\f\r\ >"'] [^\t\n\f\r\ >]*) )
    )?
    """,
    re.VERBOSE,
)
_COMMENT_END = re.compile(r"--!?>")
# How many characters of formatting tags may be carried over from one block into the next. A tree builder
# reopens such tags each time: 90 that are never closed turned 222 KB of `<p>x` into 144 MB in 12 s.
_MOST_REOPENED = 1_000_000
# Their content is not markup, and none of it is text for a reader.
_UNREADABLE = {
    name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes")
}

FORMATTING = frozenset({"a", "b", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"})
VOID = frozenset({"br", "col", "hr", "img", "wbr"})
_CELLS = frozenset({"caption", "td", "th"})
_SCOPE_LIMITS = _CELLS | {"table"}
_LIST_LIMITS = _SCOPE_LIMITS | {"ol", "ul"}
_PARAGRAPH, _ITEM = frozenset({"p"}), frozenset({"li"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ENDS_PARAGRAPH = _HEADINGS | {
    "blockquote", "center", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "hr", "li", "ol",
    "p", "pre", "summary", "ul",
}  # fmt: skip
SPECIAL = _ENDS_PARAGRAPH | _SCOPE_LIMITS | VOID | {"colgroup", "tbody", "tfoot", "thead", "tr"}
_ITEM_LIMITS = SPECIAL - {"div", "p"}
# What a start tag closes by itself: the names, and where the search for them ends.
_CLOSED_BY_START: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (_ITEM, _ITEM_LIMITS),
    "dd": (frozenset({"dd", "dt"}), _ITEM_LIMITS),
    "dt": (frozenset({"dd", "dt"}), _ITEM_LIMITS),
    "a": (frozenset({"a"}), _SCOPE_LIMITS),
    # Between the rows of a table another table ends the first; inside a cell it does not.
    "table": (frozenset({"table"}), _CELLS),
    "td": (frozenset({"td", "th"}), frozenset({"table"})),
    "th": (frozenset({"td", "th"}), frozenset({"table"})),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    "tbody": (frozenset({"tbody", "thead", "tfoot"}), frozenset({"table"})),
    "thead": (frozenset({"tbody", "thead", "tfoot"}), frozenset({"table"})),
    "tfoot": (frozenset({"tbody", "thead", "tfoot"}), frozenset({"table"})),
}
_TABLE_PARTS = frozenset({"table", "caption", "colgroup", "tbody", "thead", "tfoot", "tr", "td", "th"})


# Not frozen: making a frozen one takes three times as long, and mails have tens of thousands.
@dataclass(slots=True)
class Text:
    """Character data as written: entities unresolved, a lone `<` possible."""

    raw: str


@dataclass(slots=True)
class Start:
    """A start tag; attribute values as written, the first of each name."""

    name: str
    attributes: Mapping[str, str]


@dataclass(slots=True)
class End:
    """An end tag."""

    name: str


Token = Text | Start | End


def tokens(html: str) -> Iterator[Token]:
    """The readable tokens of a document, in one pass over it.

    Left out: comments, declarations, and scripts, styles and the like with their content. What looks like
    a tag but never ends is text.
    """
    position = 0
    while (less := html.find("<", position)) >= 0:
        if less > position:
            yield Text(html[position:less])
        following = html[less + 1 : less + 2]
        if following.isascii() and following.isalpha():
            name, attributes, position = _tag(html, less + 1)
            if position < 0:
                yield Text(html[less:])
                return
            if name == "plaintext":
                yield Text(html[position:])
                return
            if name in _UNREADABLE:
                ending = _UNREADABLE[name].search(html, position)
                if ending is None:
                    return
                position = ending.start()
            else:
                yield Start(name, attributes)
        elif following == "/" and html[less + 2 : less + 3].isascii() and html[less + 2 : less + 3].isalpha():
            name, _attributes, position = _tag(html, less + 2)
            if position < 0:
                yield Text(html[less:])
                return
            if name not in _UNREADABLE:
                yield End(name)
        elif following in {"!", "?", "/"} and following:
            position = _after_comment(html, less)
            if position < 0:
                return
        else:
            yield Text("<")
            position = less + 1
    if position < len(html):
        yield Text(html[position:])


def flattened(
    html: str,
    *,
    max_depth: int,
    tags: frozenset[str],
    rewrite: Callable[[str, str, str], str | None],
) -> str:
    """The same document, written canonically, with only `tags`, nested at most about `max_depth` deep.

    Tags beyond the depth are dropped, their text stays. `rewrite(tag, attribute, value)` gives the value to
    write for an attribute (as HTML source), or None to leave it out. What is closed implicitly is closed
    explicitly here, so that a tree builder cannot read the result in another way than this module.
    """
    nesting = _Nesting(max_depth)
    for token in tokens(html):
        match token:
            case Text(raw):
                nesting.written.append(raw.replace("<", "&lt;").replace(">", "&gt;"))
            case Start(name, attributes) if name in tags:
                kept = ((key, rewrite(name, key, value)) for key, value in attributes.items())
                written = "".join(f" {key}={_quoted(value)}" for key, value in kept if value is not None)
                nesting.start(name, f"<{name}{written}>")
            case End(name) if name in tags and name not in VOID:
                nesting.end(name)
            case _:
                continue
    return "".join(nesting.written)


class _Nesting:
    """Writes tags while keeping account of what a tree builder has open at most.

    Follows the standard's rules for closing, and where they depend on more than a stack of names it errs
    on the side of "still open". Formatting elements (`<b>`) closed by force stay counted, because tree
    builders reopen them in the next block.
    """

    def __init__(self, max_depth: int) -> None:
        self.written: list[str] = []
        self._max_depth = max_depth
        self._stack: list[str] = []
        self._open: Counter[str] = Counter()
        self._dropped: Counter[str] = Counter()
        # Formatting tags that outlived a block, the longest one, and the characters reopened so far.
        self._carried = 0
        self._longest = 0
        self._reopened = 0

    def start(self, name: str, tag: str) -> None:
        """A start tag came."""
        if name in _ENDS_PARAGRAPH and self._open["p"]:
            self._close(_PARAGRAPH, limits=_SCOPE_LIMITS)
        if name in _CLOSED_BY_START:
            closed, limits = _CLOSED_BY_START[name]
            self._close(closed, limits=limits)
        if name in VOID:
            self.written.append(tag)
            return
        exhausted = self._reopened > _MOST_REOPENED
        if len(self._stack) >= self._max_depth or (exhausted and name in FORMATTING):
            self._dropped[name] += 1
            return
        if name in FORMATTING:
            self._longest = max(self._longest, len(tag))
        self.written.append(tag)
        self._stack.append(name)
        self._open[name] += 1

    def end(self, name: str) -> None:
        """An end tag came; one that closes nothing is not written."""
        if self._dropped[name]:
            self._dropped[name] -= 1
        elif name in _HEADINGS:
            self._close(_HEADINGS, limits=_SCOPE_LIMITS)
        elif name == "li":
            self._close(_ITEM, limits=_LIST_LIMITS)
        elif name in _TABLE_PARTS:
            self._close(frozenset({name}), limits=frozenset({"table"}))
        elif name in SPECIAL or name in FORMATTING:
            self._close(frozenset({name}), limits=_SCOPE_LIMITS)
        else:
            self._close(frozenset({name}), limits=SPECIAL)

    def _close(self, names: frozenset[str], *, limits: frozenset[str]) -> None:
        """Close the innermost of `names`, unless one of `limits` is met first."""
        if names.isdisjoint(self._stack):
            return
        for index in range(len(self._stack) - 1, -1, -1):
            if self._stack[index] in names:
                self._close_at(index)
                return
            if self._stack[index] in limits:
                return

    def _close_at(self, index: int) -> None:
        closed, above = self._stack[index], self._stack[index + 1 :]
        if closed in FORMATTING:
            staying = above
        else:
            # A cell takes its formatting with it, everything else leaves it to be reopened.
            cells = (position for position, name in enumerate(above) if name in _CELLS)
            cell = 0 if closed in _CELLS else next(cells, len(above))
            staying = [name for name in above[:cell] if name in FORMATTING]
            leaving = [name for name in above[:cell] if name not in FORMATTING] + above[cell:]
            self.written.extend(f"</{name}>" for name in reversed(leaving))
            self._open.subtract(leaving)
            self._carried += len(staying)
            self._reopened += self._carried * self._longest
        self.written.append(f"</{closed}>")
        self._open[closed] -= 1
        self._stack[index:] = staying
        if self._carried:
            self._carried = min(self._carried, sum(self._open[name] for name in FORMATTING))
            self._give_up_formatting()

    def _give_up_formatting(self) -> None:
        """Close all formatting once it has been carried over too many times."""
        if self._reopened <= _MOST_REOPENED:
            return
        formatting = [name for name in self._stack if name in FORMATTING]
        self.written.extend(f"</{name}>" for name in reversed(formatting))
        self._stack = [name for name in self._stack if name not in FORMATTING]
        self._open.subtract(formatting)
        self._carried = 0


def _quoted(value: str) -> str:
    return '"' + value.replace('"', "&quot;").replace("<", "&lt;") + '"'


def _tag(html: str, start: int) -> tuple[str, dict[str, str], int]:
    """The tag whose name begins at `start`: name, attributes, position after it (-1: it never ends)."""
    named = _NAME.match(html, start)
    if named is None:
        raise AssertionError("a tag begins with a letter")
    attributes: dict[str, str] = {}
    position = named.end()
    while True:
        between = _BETWEEN.match(html, position)
        position = between.end() if between else position
        if position >= len(html):
            return "", {}, -1
        if html[position] == ">":
            return named.group().lower(), attributes, position + 1
        attribute = _ATTRIBUTE.match(html, position)
        if attribute is None:
            raise AssertionError("every character that is not blank, slash or > begins an attribute")
        value = attribute[2] or attribute[3] or attribute[4] or ""
        attributes.setdefault(attribute[1].lower(), value)
        position = attribute.end()


def _after_comment(html: str, less: int) -> int:
    if html.startswith("<!--", less):
        ending = _COMMENT_END.search(html, less + 2)
        return ending.end() if ending else -1
    closing = html.find(">", less)
    return closing + 1 if closing >= 0 else -1
