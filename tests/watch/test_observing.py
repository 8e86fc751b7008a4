"""What was observed of the licensing: the rate reached, once, of days the scenario knows; weak sources count less."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ytterby.evidence.claims import Claim
from ytterby.watch import observing

if TYPE_CHECKING:
    from ytterby.project import Project


def said(value: float, **changes: Any) -> Claim:
    """An accepted approval rate of EU applicants, in percent."""
    day = changes.pop("day", date(2026, 3, 20))
    quote = changes.pop("quote", f"对欧盟出口许可批准率升至{value:g}%")
    fields = {
        "document": "a" * 64, "kind": "share", "subject": "MOFCOM", "object": "export licence applications approved",
        "place": "CN", "counterpart": "EU", "value": value, "unit": "%", "quote": quote, "start": 10,
        "end": 10 + len(quote), "known": day, "status": "accepted", "access": "read", "confidence": "B",
        "parameter": "licence:reuters_2026-03_share", "period": "2026-03-20",
    }  # fmt: skip
    return Claim(**(fields | changes))


def test_the_rate_it_rose_to_counts_not_the_one_it_came_from() -> None:
    before = said(60.0, quote="批准率由六成", start=1, end=7)
    after = said(80.0, quote="升至八成", start=7, end=11)
    late = said(60.0, quote="up from 60 %", start=40, end=52)
    for order in ([before, after], [after, before], [after, late]):
        assert [one.value for one, *_ in observing.told(order)] == [80.0]


def test_an_echo_is_no_second_statement() -> None:
    first = said(80.0)
    echo = said(80.0, document="b" * 64, period="2026-03-24", day=date(2026, 3, 24), confidence="C")
    other = said(70.0, document="c" * 64, period="2026-03-24", day=date(2026, 3, 24))
    japan = said(80.0, document="d" * 64, counterpart="JP")
    assert len(observing.told([first, echo])) == 1
    assert len(observing.told([first, echo, other, japan])) == 3


def test_what_a_table_has_is_no_news(project: Project) -> None:
    rows = project.claims(parameter="licence:*")
    again = said(60.0, period="2025-06-28", day=date(2025, 6, 28), parameter="licence:reuters_2025-06_share")
    assert observing.told([again]) != []
    assert observing.told([*rows, again]) == []


@pytest.mark.parametrize(
    "changes",
    [{"status": "pending"}, {"status": "rejected"}, {"modality": "forecast"}, {"modality": "target"},
     {"parameter": "licence:reuters_2026-03_part"}, {"value": 0.0}],
)  # fmt: skip
def test_what_is_no_observation(changes: dict[str, Any]) -> None:
    assert observing.told([said(**({"value": 80.0} | changes))]) == []


def test_days_outside_the_scenario_and_after_its_knowledge(project: Project) -> None:
    plan = project.scenario("april-2025")
    early = said(30.0, period="2024-12-01", day=date(2024, 12, 1))
    inside = said(80.0)
    assert [one.claim for one in observing.observed([early, inside], plan)] == [inside.id]
    assert observing.observed([inside], plan.at(date(2026, 1, 1))) == ()


def test_weak_sources_have_wider_errors(project: Project) -> None:
    plan = project.scenario("april-2025")
    errors = [observing.observed([said(80.0, confidence=grade)], plan)[0].error for grade in "ABC"]
    assert errors == sorted(errors)
    assert errors[0] == pytest.approx(0.4)
    assert errors[2] == pytest.approx(0.8)


def test_events_follow_one_another_by_place(project: Project) -> None:
    plan = project.scenario("april-2025")
    first = said(30.0, period="2025-09-01", day=date(2025, 9, 1))
    second = said(80.0)
    made = observing.events([second, first], plan)
    assert {(one.region, one.date, one.until) for one in made} == {
        (place, day, until)
        for place in ("EU", "DE")
        for day, until in ((date(2025, 9, 1), date(2026, 3, 19)), (date(2026, 3, 20), None))
    }
    for one in made:
        assert one.value.low < one.value.median < one.value.high


def test_an_article_without_a_date_counts_from_its_acceptance(project: Project) -> None:
    undated = said(80.0, day=None, period="", parameter="licence:reuters__share", when="2026-03-25T08:00:00+00:00")
    ((_, _, day),) = observing.told([undated])
    assert day == date(2026, 3, 25)
    (one,) = observing.observed([undated], project.scenario("april-2025"))
    assert one.last == date(2026, 3, 25)
