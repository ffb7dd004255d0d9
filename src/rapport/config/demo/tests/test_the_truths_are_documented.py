from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from rapport.config.demo import Company
from rapport.config.demo.truths import document

PAGE = Path(__file__).parents[5] / "docs" / "reference" / "demo-truths.md"


def test_the_page_is_what_the_truths_say(company: Company) -> None:
    assert PAGE.read_text(encoding="utf-8") == document(company.truths)


def test_the_page_names_every_truth_and_its_figures(company: Company) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len({truth.key for truth in company.truths}) == len(company.truths) >= 10
    for truth in company.truths:
        assert f"## {truth.key}" in page
        assert truth.statement in page
        assert truth.verdict in page
        for name, figure in truth.figures.items():
            assert f"- `{name}`: {figure}" in page


def test_there_is_something_to_find_to_explain_and_to_leave_alone(company: Company) -> None:
    assert {truth.verdict for truth in company.truths} == {
        "found",
        "vanishes when adjusted",
        "must not be found",
    }


def test_the_payment_fault_has_its_fortnight(company: Company) -> None:
    (window,) = [truth.window for truth in company.truths if truth.window]
    assert window[1] - window[0] == timedelta(days=14)
    assert company.ends_at - window[0] == timedelta(days=210)
