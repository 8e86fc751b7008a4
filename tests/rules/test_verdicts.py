"""What must hold of verdicts whatever the facts: readings, days, monotony, the change that is next, and the gates."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.rules import facts, gates, judging, regimes, verdicts
from ytterby.rules.columns import columns
from ytterby.rules.facts import Facts
from ytterby.rules.gates import GateClass
from ytterby.rules.verdicts import Law, Verdict
from ytterby.terms.errors import UnknownName

Day = datetime.date
TODAY = Day(2026, 11, 21)
READINGS = tuple(regimes.readings())
DAYS = st.dates(Day(2023, 8, 1), Day(2027, 3, 1))
MAGNET: dict[str, Any] = {"form": "magnet", "composition": {"Nd": 0.28, "Dy": 0.02}}
CIVIL: dict[str, Any] = {
    "item": MAGNET,
    "origin": "CN",
    "from": "CN",
    "to": "DE",
    "end_user": "Muster",
    "end_use": "civil",
}

ITEMS = st.fixed_dictionaries(
    {
        "form": st.sampled_from(["magnet", "oxide", "metal", "alloy", "target", "assembly", "equipment", "other"]),
        "composition": st.dictionaries(
            st.sampled_from(["Nd", "Sm", "Tb", "Dy", "Ho", "Y", "Ga", "W"]), st.sampled_from([0.0004, 0.1]), min_size=1
        ),
    }
)
COUNTRIES = st.sampled_from(["CN", "JP", "US", "DE", "MY"])
OPTIONAL: dict[str, Any] = {
    "technology_origin": COUNTRIES,
    "origin": COUNTRIES,
    "from": COUNTRIES,
    "to": COUNTRIES,
    "end_use": st.sampled_from(["civil", "military", "chips_14nm", "medical", "repair", "wmd"]),
    "end_user": st.sampled_from(["Muster", "JAXA", "Subaru", "FN Herstal", "Leidos", "MP Materials"]),
    "china_value_share": st.sampled_from([0.0005, 0.001, 0.3]),
    "cots": st.booleans(),
    "contract": st.sampled_from(["us_dod", "none"]),
    "activity": st.sampled_from(["goods", "person"]),
    "consignee": st.sampled_from(["Muster", "HENSOLDT AG"]),
    "owners": st.sampled_from([{"HENSOLDT AG": 0.5}, {"Huawei": 0.3, "SMIC": 0.2}]),
    "helps_rare_earths_abroad": st.booleans(),
}
WILD = st.fixed_dictionaries({}, optional={"item": ITEMS, **OPTIONAL})
FULL = st.fixed_dictionaries({"item": ITEMS, **OPTIONAL})


@cache
def law(reading: str = READINGS[-1], known: Day = TODAY) -> Law:
    return verdicts.law(known, reading)


def judged(told: dict[str, Any], on: Day, reading: str = READINGS[-1]) -> Verdict:
    return verdicts.under(law(reading), facts.of(told), on)


def outcome(told: Facts, on: Day, reading: str) -> tuple[int, bytes]:
    found = verdicts.judge(law(reading), columns([told], [on]))
    return int(found.rank[0]), found.decides[:, 0].tobytes()


@given(WILD, DAYS, st.sampled_from(READINGS))
@settings(max_examples=30, deadline=None)
def test_the_next_change_is_the_first_change(told: dict[str, Any], on: Day, reading: str) -> None:
    """Day by day over the window: nothing moves before the day that is named, and on that day it does."""
    found, one = judged(told, on, reading), facts.of(told)
    end = found.next_change or Day(2027, 6, 1)
    days = [on + datetime.timedelta(days=n) for n in range((end - on).days + 1)]
    walked = verdicts.judge(law(reading), columns([one] * len(days), days))
    answers = [(int(walked.rank[row]), walked.decides[:, row].tobytes()) for row in range(len(days))]
    last = len(days) - 1 if found.next_change else len(days)
    assert all(answer == answers[0] for answer in answers[:last])
    if found.next_change:
        assert answers[-1] != answers[0]


@given(FULL, DAYS, st.sampled_from(READINGS), st.sampled_from(["item", *OPTIONAL]))
@settings(max_examples=60, deadline=None)
def test_what_was_determined_without_a_fact_stays_with_it(
    told: dict[str, Any], on: Day, reading: str, fact: str
) -> None:
    """A fact more never makes a determined answer stricter; milder only by an exemption that was named open.

    Parties are the exception the verdict declares: a party nobody named counts as not listed, and is called missing.
    """
    rest = {key: value for key, value in told.items() if key != fact}
    less, more = judged(rest, on, reading), judged(told, on, reading)
    if less.outcome == "undetermined" or fact == "end_user":
        return
    assert more.outcome == less.outcome or fact in _named(less), (less, more)
    order = verdicts.OUTCOMES.index
    assert order(more.outcome) <= order(less.outcome)


def _named(found: Verdict) -> set[str]:
    return {name.partition(".")[0] for name, _ in found.missing}


@given(WILD, DAYS, st.sampled_from(READINGS))
@settings(max_examples=60, deadline=None)
def test_what_is_undetermined_says_what_to_find_out(told: dict[str, Any], on: Day, reading: str) -> None:
    found = judged(told, on, reading)
    if found.outcome == "undetermined":
        assert found.missing
        assert found.licence == ()
        for name, why in found.missing:
            top = name.partition(".")[0]
            assert name.startswith("text of") or top not in told or top in ("item", "stages"), name
            assert why


@given(FULL, DAYS, st.sampled_from(READINGS))
@settings(max_examples=60, deadline=None)
def test_told_everything_it_is_determined(told: dict[str, Any], on: Day, reading: str) -> None:
    """But for the clauses whose reach is disputed, and earlier stages where a buyer's rule asks for them."""
    stages = {"mined": "AU", "refined": "MY", "melted": told["origin"], "produced": told["origin"]}
    found = judged({**told, "stages": stages}, on, reading)
    if found.outcome == "undetermined":
        assert all(name.startswith("text of") for name, _ in found.missing)


@given(WILD, DAYS, st.sampled_from(READINGS))
@settings(max_examples=40, deadline=None)
def test_every_clause_decides_or_is_passed_over(told: dict[str, Any], on: Day, reading: str) -> None:
    found = judged(told, on, reading)
    over = [name for name, _ in found.passed_over]
    assert sorted([*found.clauses, *over]) == sorted(regimes.clauses())
    assert all(why for _, why in found.passed_over)
    assert len(found.reasons) == len(found.clauses)


@given(WILD, DAYS)
@settings(max_examples=30, deadline=None)
def test_readings_differ_only_where_a_text_is_unsettled(told: dict[str, Any], on: Day) -> None:
    """Before the first disputed day all readings say the same of that day."""
    if on < Day(2026, 11, 10) or on > Day(2027, 1, 10):
        said = {(one.outcome, one.clauses) for one in (judged(told, on, name) for name in READINGS)}
        assert len(said) == 1


FORMS = ["magnet", "oxide", "metal", "alloy", "assembly"]
CLASSES = st.builds(
    GateClass,
    st.sampled_from(["CN", "JP", "DE", "MM"]),
    st.sampled_from(["CN", "JP", "US", "DE"]),
    st.sampled_from(FORMS),
    st.frozensets(st.sampled_from(["La", "Nd", "Sm", "Gd", "Tb", "Dy", "Ho", "Y"]), min_size=1),
    military=st.booleans(),
    chinese_origin=st.booleans(),
    chinese_share=st.sampled_from([0.0, 0.0005, 0.001, 0.2]),
    chinese_technology=st.booleans(),
)


@given(CLASSES, DAYS, st.sampled_from(READINGS))
@settings(max_examples=120, deadline=None)
def test_gates_and_verdicts_are_one_law(one: GateClass, on: Day, reading: str) -> None:
    """The simulator's gates and the officer's verdict agree on the classes that gates can express."""
    home = one.origin == "CN"
    if home and (one.chinese_origin or one.chinese_share or one.chinese_technology):
        return  # of goods that leave China the gates do not ask whence they came
    if one.chinese_origin and (one.chinese_share or one.chinese_technology):
        return  # a verdict knows that what was made in China was not made abroad with Chinese parts
    told: dict[str, Any] = {
        "item": {"form": one.form, "composition": dict.fromkeys(one.elements, 0.05)},
        "from": one.origin,
        "to": one.destination,
        "origin": "CN" if one.chinese_origin or home else one.origin,
        "technology_origin": "CN" if one.chinese_technology or home else one.origin,
        "end_use": "military" if one.military else "civil",
        "end_user": "Muster",
        "cots": False,
        "helps_rare_earths_abroad": False,
        "stages": {"mined": one.origin, "refined": one.origin, "melted": "CN" if one.chinese_origin else one.origin},
    }
    if not one.chinese_origin and not home:
        told["china_value_share"] = one.chinese_share
    found = judged(told, on, reading)
    if any(name.startswith("text of") for name, _ in found.missing):
        return  # what is disputed the gates leave out
    gate = gates.gates([one], gates.count_days([on]), TODAY, reading).outcome(0, 0)
    buyers = {name for name in found.clauses if name.startswith("us-dfars")}
    sellers = [name for name in found.clauses if name not in buyers]
    expected = {"tested": "free", "buyer_ban": "refused"}.get(gate, gate)
    if buyers:
        # The gates name a seller's rule first; where the buyer's forbids it, the verdict is refused either way.
        if one.destination == "US" and one.military:
            assert found.outcome == "refused"
            assert (gate == "refused") == bool(sellers) or gate in ("buyer_ban", "licence", "tested")
        return
    assert found.outcome == expected, (gate, found.clauses)
    if gate in ("licence", "refused"):
        assert sellers


def test_an_officer_asks_with_the_knowledge_of_today() -> None:
    told = facts.of({**CIVIL, "item": {"form": "oxide", "composition": {"Ho": 0.8}}})
    on = Day(2025, 11, 8)
    assert verdicts.verdict(told, on).known == Day.today()
    assert verdicts.verdict(told, on).outcome == "free", "the suspension is known today"
    assert verdicts.verdict(told, on, Day(2025, 10, 20)).outcome == "licence", "and was not on 20 October 2025"


def test_side_by_side_there_is_one_verdict_per_reading() -> None:
    told = facts.of({**CIVIL, "item": {"form": "oxide", "composition": {"Ho": 0.8}}})
    found = verdicts.readings(told, TODAY, TODAY)
    assert [one.reading for one in found] == list(READINGS)
    assert sorted(one.outcome for one in found) == ["free", "licence", "licence"]


def test_eighteen_holds_for_every_destination_on_every_day() -> None:
    days = [Day(2025, 4, 4) + datetime.timedelta(days=n) for n in range(0, 700, 7)]
    for reading in READINGS:
        for to in ("DE", "US", "JP", "KR", "IN", "RU", "HK", "TW"):
            one = facts.of({**CIVIL, "to": to})
            found = verdicts.judge(law(reading), columns([one] * len(days), days))
            assert {verdicts.OUTCOMES[rank] for rank in found.rank} == {"licence"}


def test_sixty_one_and_sixty_two_operated_for_four_weeks() -> None:
    limb = facts.of({**CIVIL, "from": "JP"})
    service = facts.of({**CIVIL, "item": {"form": "service"}, "helps_rare_earths_abroad": False})
    days = [Day(2025, 9, 1) + datetime.timedelta(days=n) for n in range(120)]
    for told, clause in ((limb, "cn-61-2025.1c"), (service, "cn-62-2025.b")):
        found = verdicts.judge(law(), columns([told] * len(days), days))
        at = [one.id for one in found.clauses].index(clause)
        held = [day for row, day in enumerate(days) if found.decides[at, row]]
        assert (held[0], held[-1], len(held)) == (Day(2025, 10, 9), Day(2025, 11, 6), 29)


def test_a_persons_decision_overrides_what_is_proposed() -> None:
    told = facts.of({**CIVIL, "end_user": "Subaru", "to": "JP"})
    on = Day(2026, 5, 1)
    assert verdicts.verdict(told, on, TODAY).licence == ("individual",)
    spared = verdicts.verdict(told, on, TODAY, decided={"subaru": ""})
    assert spared.licence == ("general", "individual")
    other = facts.of({**CIVIL, "end_user": "Some Other Name", "to": "JP"})
    assert verdicts.verdict(other, on, TODAY, decided={"someothername": "jaxa"}).outcome == "refused"


def test_a_verdict_speaks_plain_json() -> None:
    import json

    told = judged(CIVIL, Day(2025, 5, 10)).to_dict()
    assert json.loads(json.dumps(told)) == told
    wanted = {"outcome", "licence", "clauses", "passed_over", "missing", "confidence", "next_change", "reading"}
    assert wanted <= told.keys()
    assert told["licence"] == "general or individual"


def test_confidence_is_the_weakest_of_what_the_answer_rests_on() -> None:
    order = judging.GRADES.index
    one = judged({**CIVIL, "to": "JP", "end_user": "三菱重工"}, Day(2026, 5, 1))
    assert (one.outcome, one.confidence) == ("refused", "C"), "the party is known from summaries only"
    sure = judged({**CIVIL, "to": "JP", "end_user": "JAXA"}, Day(2026, 5, 1))
    assert order(sure.confidence) < order(one.confidence)
    told = {**CIVIL, "from": "JP"}
    settled, unsettled = judged(told, Day(2026, 6, 1)), judged(told, Day(2026, 12, 1))
    assert (settled.outcome, settled.confidence) == ("free", "A"), "every reading has it suspended"
    assert (unsettled.outcome, unsettled.confidence) == ("free", "B"), "only the reading has"


def test_nice_errors() -> None:
    with pytest.raises(UnknownName) as unknown:
        verdicts.verdict(facts.of(CIVIL), TODAY, reading="lapsed_2026_11_12")
    assert "lapsed_2026_11_11" in str(unknown.value)
