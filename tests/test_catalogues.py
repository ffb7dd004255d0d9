"""The catalogues of the product's languages hold what the code says, whole, and the scripts say nothing else."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import to_locale

from rapport.web import wording

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "src" / "rapport" / "web"
LOCALE = ROOT / "src" / "rapport" / "locale"
OURS = [to_locale(code) for code, _name in settings.LANGUAGES if code != "en"]
PATHS = [LOCALE / name / "LC_MESSAGES" / "django.po" for name in OURS]
BORROWED = sorted((LOCALE / "signin").glob("*/LC_MESSAGES/django.po"))
every_language = pytest.mark.parametrize("path", PATHS, ids=OURS)
every_catalogue = pytest.mark.parametrize("path", [*PATHS, *BORROWED], ids=lambda path: path.parts[-3])

_PLACE = re.compile(r"%\(\w+\)[sd]|%%|</?[a-z]+[^>]*>")
# Literals of scripts that begin like an English word: names of keys and of headers.
_NAMES = {"Escape", "Enter", "ArrowDown", "ArrowUp", "Content-Type", "X-CSRFToken", "Last-Event-ID"}


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def entries(found: Catalog) -> list[Message]:
    return [entry for entry in found if entry.id]


def keys(found: Catalog) -> set[tuple[str | None, object]]:
    return {(entry.context, entry.id) for entry in entries(found)}


def forms(words: object) -> list[str]:
    return list(words) if isinstance(words, (tuple, list)) else [str(words)]


@pytest.fixture(scope="module")
def code() -> Catalog:
    """What bin/messages reads from the code as it is now."""
    done = subprocess.run(
        [sys.executable, ROOT / "bin" / "messages", "extract"], capture_output=True, check=True, cwd=ROOT
    )
    return read_po(io.BytesIO(done.stdout))


@every_language
def test_a_catalogue_has_the_words_of_the_code_and_no_others(path, code):
    found = keys(catalogue(path))
    assert (keys(code) - found, found - keys(code)) == (set(), set()), "run `make messages` and translate"


@every_catalogue
def test_nothing_is_missing_or_guessed(path):
    lacking = [
        entry.id for entry in entries(catalogue(path)) if entry.fuzzy or not all(forms(entry.string or ""))
    ]
    assert lacking == []


@every_catalogue
def test_every_translation_has_the_places_of_its_source(path):
    wrong = [
        (entry.id, form)
        for entry in entries(catalogue(path))
        for form in forms(entry.string)
        if Counter(_PLACE.findall(form)) != Counter(_PLACE.findall(forms(entry.id)[-1]))
    ]
    assert wrong == []


@every_catalogue
def test_a_plural_has_as_many_forms_as_its_language(path):
    found = catalogue(path)
    plurals = [entry for entry in entries(found) if isinstance(entry.id, tuple)]
    assert [entry.id for entry in plurals if len(entry.string) != found.num_plurals] == []


@every_catalogue
def test_the_compiled_catalogue_is_the_written_one(path):
    written = {(entry.context, forms(entry.id)[0]): forms(entry.string) for entry in entries(catalogue(path))}
    with path.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    read = {
        (entry.context.decode() if entry.context else None, forms(entry.id)[0]): forms(entry.string)
        for entry in entries(compiled)
    }
    assert read == written, "run `make messages`"
    assert compiled.plural_forms == catalogue(path).plural_forms


@every_language
def test_the_shape_of_a_date_is_still_one(path):
    shapes = [entry for entry in entries(catalogue(path)) if entry.context == "date"]
    assert shapes
    for entry in shapes:
        letters = {
            letter
            for letter in entry.string.replace("n月", "M").replace("b", "M")
            if letter.isascii() and letter.isalpha()
        }
        assert letters == {letter for letter in entry.id if letter.isalpha()}, entry.id


def test_the_scripts_say_nothing_by_themselves():
    said = []
    for script in sorted((WEB / "static" / "js").glob("*.js")):
        source = re.sub(r"//[^\n]*|/\*.*?\*/", "", script.read_text(encoding="utf-8"), flags=re.DOTALL)
        for _quote, literal in re.findall(r"([\"'`])((?:(?!\1)[^\\\n]|\\.)*)\1", source):
            text = re.sub(r"\$\{[^}]*\}", " ", literal)
            like_words = re.match(r"[A-Z][a-z]+(?![A-Za-z]*[=(])", text) and text not in _NAMES
            if like_words or re.search(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b", text):
                said.append((script.name, literal))
    assert said == []


def test_every_word_that_a_script_asks_for_is_given_to_it():
    scripts = "\n".join(script.read_text(encoding="utf-8") for script in (WEB / "static" / "js").glob("*.js"))
    asked = set(re.findall(r"\bword\(\"(\w+)\"", scripts))
    asked |= set(re.findall(r"\bword\(.*? \? \"(\w+)\" : \"(\w+)\"\)", scripts)[0])
    # What was done with a conversation is named like the form that did it.
    thread = (WEB / "templates" / "inbox" / "thread.jinja").read_text(encoding="utf-8")
    asked |= {"reopen", "resolve", *re.findall(r"data-act=\"(\w+)\"", thread)}
    asked |= {"minutes", "hours"}
    assert asked == set(wording.browser_words())
