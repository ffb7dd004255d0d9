from __future__ import annotations

import re
from collections import Counter, defaultdict
from string import Formatter

import pytest

from rapport.config.demo import Company
from rapport.config.demo.contacts import REASONS, WITHOUT_ORDER
from rapport.config.demo.speech import NOTES, WORDINGS
from rapport.config.demo.wording import Wording, fitting

ALWAYS = {"name", "agent", "brand", "product", "town"}
ABOUT_ORDERS = {"order", "amount", "days", "promised", "code"}
KINDS = ("electric", "wear", "food", "ware")
LANGUAGES = pytest.mark.parametrize("wording", WORDINGS.values(), ids=WORDINGS)


def texts(company: Company) -> list[str]:
    said = [entry.text for row in company.conversations for entry in row.entries]
    asked = [row.comment for row in company.responses if row.comment]
    return said + asked + [row.subject for row in company.conversations]


def test_no_slot_is_left_unfilled(company: Company) -> None:
    for text in texts(company):
        assert not re.search(r"[{}]|None|lorem", text), text
        assert text == text.strip() != ""
        assert "  " not in text


def masked(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def test_two_conversations_rarely_read_the_same(company: Company) -> None:
    whole = {masked(" | ".join(entry.text for entry in row.entries)) for row in company.conversations}
    assert len(whole) > 0.985 * len(company.conversations)
    openings = Counter(masked(row.entries[0].text) for row in company.conversations)
    assert len(openings) > 0.8 * len(company.conversations)
    assert openings.most_common(1)[0][1] < 0.004 * len(company.conversations)


def test_people_write_short_and_long_and_sometimes_carelessly(company: Company) -> None:
    said = [e.text for row in company.conversations for e in row.entries if e.author == "customer"]
    assert sum(len(text) < 25 for text in said) > 0.05 * len(said)
    assert sum(len(text) > 150 for text in said) > 0.05 * len(said)
    assert 0.05 < sum(text == text.lower() for text in said) / len(said) < 0.5


def test_each_conversation_stays_in_its_language(company: Company) -> None:
    marks = {"en": " the ", "sw": " kwa ", "es": " el ", "pt": " o "}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in company.conversations:
        for entry in row.entries:
            if entry.kind == "message":
                counts[row.language].update(lang for lang, mark in marks.items() if mark in entry.text)
    for language, found in counts.items():
        assert found.most_common(1)[0][0] == language


def test_the_order_in_the_text_is_the_order_of_the_conversation(company: Company) -> None:
    for row in company.conversations:
        for entry in row.entries:
            assert set(re.findall(r"(?:DW|SF)-\d{6}", entry.text.upper())) <= {row.order}


@LANGUAGES
def test_every_sentence_can_be_said_about_every_matter_it_may_be_chosen_for(wording: Wording) -> None:
    plain = (wording.cause, wording.detail, wording.brisk, wording.regret, wording.again, wording.subject)
    promising = (wording.check, wording.outcome)
    for reason in (row.key for row in REASONS):
        slots = ALWAYS if reason in WITHOUT_ORDER else ALWAYS | ABOUT_ORDERS
        for kind in KINDS:
            for lines in plain:
                assert used(fitting(lines, reason=reason, kind=kind)) <= slots
            for lines in promising:
                assert used(fitting(lines, reason=reason, kind=kind)) <= slots | {"when"}
            for question, answers in fitting(wording.asks, reason=reason, kind=kind):
                assert used((question, *answers)) <= slots
            for band in wording.comment.values():
                assert used(fitting(band, reason=reason, kind=kind)) <= ALWAYS
        assert used(NOTES[reason.split(".")[0]]) <= ALWAYS


@LANGUAGES
def test_every_mood_and_band_has_words(wording: Wording) -> None:
    for moods in (wording.hello, wording.plea, wording.warmth, wording.thanks):
        assert set(moods) == {"calm", "worried", "angry"}
        assert all(len(set(lines)) == len(lines) >= 3 for lines in moods.values())
    assert set(wording.comment) == set(wording.recommend) == {"low", "middle", "high"}
    assert len(wording.weekdays) == 7


def used(lines: tuple[str, ...]) -> set[str]:
    return {name for line in lines for _, name, _, _ in Formatter().parse(line) if name}
