"""The documents hold: what they point to is there, and what is there is told.

Headings of settings and commands are compared beside their code (``config/tests``); here is what spans the
house.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from rapport.accounts.permissions import BUILT_IN_ROLES, ROLE_NAMES, known
from rapport.config.commands import ALL as COMMANDS
from rapport.insight.registry import all_metrics
from rapport.kernel.log import kinds

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "src" / "rapport"
DOCS = ROOT / "docs"
OF_ITS_OWN = {".venv", ".tools", ".git", "var", "site", "node_modules", "tmp"}

LINK = re.compile(r"\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```\s*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
A_FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)+\.(?:py|md|toml|js|css|jinja|svg|html)")
A_FOLDER = re.compile(r"(?:src|tests|docs|benchmarks|bin)(?:/[\w.-]+)*/?")
A_TEST = re.compile(r"([\w./-]+\.py)::(test_\w+)")


def documents() -> list[Path]:
    return [path for path in sorted(ROOT.rglob("*.md")) if not OF_ITS_OWN & set(path.relative_to(ROOT).parts)]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(text: str) -> str:
    return FENCE.sub("", text)


@cache
def anchors(path: Path) -> frozenset[str]:
    """What can stand behind # in a link to ``path``, as GitHub and Zensical both make it."""
    headings = HEADING.findall(prose(path.read_text(encoding="utf-8")))
    plain = (re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading)).strip().lower() for heading in headings)
    return frozenset(heading.replace(" ", "-") for heading in plain)


@pytest.mark.parametrize("document", documents(), ids=named)
def test_every_link_leads_somewhere(document: Path) -> None:
    lost = []
    for target in LINK.findall(CODE.sub("", prose(document.read_text(encoding="utf-8")))):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        there = (document.parent / place).resolve() if place else document
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
            lost.append(target)
    assert lost == []


OURS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    *sorted((DOCS / "topics").glob("*.md")),
    *sorted((DOCS / "tutorial").glob("*.md")),
    *sorted((DOCS / "security").glob("*.md")),
    *sorted((DOCS / "decisions").glob("1*.md")),
    DOCS / "reference" / "metrics.md",
]


@pytest.mark.parametrize("document", OURS, ids=named)
def test_every_file_and_test_it_names_is_there(document: Path) -> None:
    lost = []
    for code in CODE.findall(prose(document.read_text(encoding="utf-8"))):
        if found := A_TEST.fullmatch(code):
            place = _place(found[1])
            if place is None or f"def {found[2]}(" not in place.read_text(encoding="utf-8"):
                lost.append(code)
        elif (A_FILE.fullmatch(code) or A_FOLDER.fullmatch(code)) and _place(code) is None:
            lost.append(code)
    assert lost == []


def _place(name: str) -> Path | None:
    """A file as documents name it: from the root, or from inside ``src/rapport``."""
    return next((there for there in (ROOT / name, HOUSE / name) if there.exists()), None)


@pytest.mark.parametrize("document", OURS, ids=named)
def test_every_command_it_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = set(
        re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    makes = {word for line in targets for word in line.split()}
    commands = {str(command.name) for command in COMMANDS}
    said = "\n".join([*CODE.findall(prose(text)), *FENCE.findall(text)])
    assert set(re.findall(r"(?:^|[\s&=0-9])make ([a-z]+)\b", said, re.MULTILINE)) <= makes
    assert set(re.findall(r"(?:^|[\s/])rapport ([a-z]+)\b", said, re.MULTILINE)) <= commands


DECISIONS = [
    path for path in sorted((DOCS / "decisions").glob("[0-9]*.md")) if not path.name.startswith("000")
]


@pytest.mark.parametrize("decision", DECISIONS, ids=named)
def test_every_decision_says_what_why_and_what_was_given_up(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    assert re.match(rf"# {decision.name[:3]}:? \S", text)
    # Either in one paragraph, or each under its own word.
    assert "gave up" in text
    if "**What" in text:
        assert re.findall(r"^\*\*W[^*]+\*\*", text, re.MULTILINE) == [
            "**What.**",
            "**Why.**",
            "**What we gave up.**",
        ]
    else:
        assert re.search(r"\b(because|since|so|must|which is why)\b", text)


def test_no_two_decisions_have_one_number() -> None:
    numbers = [decision.name[:3] for decision in DECISIONS]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize(
    ("folder", "index"),
    [
        ("tutorial", "index.md"),
        ("topics", "index.md"),
        ("security", "index.md"),
        ("how-to", "how-to/index.md"),
        ("reference", "reference/index.md"),
        ("decisions", "decisions/000-index.md"),
    ],
)
def test_every_page_is_reached_from_its_index(folder: str, index: str) -> None:
    front = DOCS / index
    linked = {(front.parent / target).resolve() for target in LINK.findall(front.read_text(encoding="utf-8"))}
    assert {path for path in (DOCS / folder).glob("*.md") if path != front} <= linked


def test_every_page_but_the_decisions_stands_in_the_navigation() -> None:
    lines = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2].splitlines()
    shown = [line.rpartition(" ")[2] for line in lines if line.endswith(".md")]
    pages = {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")}
    assert len(shown) == len(set(shown))
    assert pages - set(shown) == {str(decision.relative_to(DOCS)) for decision in DECISIONS}
    assert set(shown) <= pages


def test_every_measure_is_told_in_its_own_words() -> None:
    page = (DOCS / "reference" / "metrics.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^## `(\w+)`\n\n(.*?)(?=\n## |\Z)", page, re.MULTILINE | re.DOTALL))
    assert list(told) == [metric.name for metric in all_metrics()]
    for metric in all_metrics():
        words = " ".join(told[metric.name].split())
        assert words.startswith(f"{metric.title}. ")
        assert ("never greyed" in words) == (metric.enough == 0)
        assert metric.enough == 0 or f"greyed below {metric.enough}" in words
        assert f"Column: {metric.column}." in words


def test_every_kind_of_event_is_told_as_declared() -> None:
    declared = [[kind.name, kind.meaning, "yes" if kind.audited else ""] for kind in kinds.values()]
    assert _table("events.md") == sorted(declared)


def test_every_permission_is_told_with_the_roles_that_hold_it() -> None:
    declared = []
    for permission in known.values():
        holders = [ROLE_NAMES[role] for role, names in BUILT_IN_ROLES.items() if permission.name in names]
        declared.append([permission.name, permission.meaning, ", ".join(holders)])
    assert _table("permissions.md") == sorted(declared)


def _table(page: str) -> list[list[str]]:
    """The rows of a reference page whose first cell is a name in code."""
    text = (DOCS / "reference" / page).read_text(encoding="utf-8")
    lines = re.findall(r"^\| `([\w.]+)` \|(.*)\|$", text, re.MULTILINE)
    return [[name, *(cell.strip() for cell in rest.split("|"))] for name, rest in lines]


def test_every_word_of_the_changelog_has_a_form_towncrier_reads() -> None:
    fragments = [path.name for path in (ROOT / "changelog.d").glob("*.md")]
    assert fragments
    form = r"(?:\d+|\+[\w-]+)\.(?:feature|bugfix|doc|removal|misc)(?:\.\d+)?\.md"
    assert [name for name in fragments if not re.fullmatch(form, name)] == []


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    for named_file in re.findall(r"src/\S+", (ROOT / "NOTICE").read_text(encoding="utf-8")):
        assert (ROOT / named_file).is_file()
