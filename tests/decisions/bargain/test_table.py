"""The file a bargain is written in: what is shipped is sound, what is wrong is told with file, line and remedy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from smallgame import told

from ytterby import BadValue, InputError, UnknownName
from ytterby.decisions.bargain import keeping, moves, table, weights
from ytterby.decisions.bargain.table import Lever
from ytterby.evidence import baseline
from ytterby.rules import regimes
from ytterby.world import scenarios

SHIPPED = table.names()


class Plain(yaml.SafeDumper):
    """Writes everything out: our pages take no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@pytest.fixture
def written(tmp_path: Path):
    def write(**changed: object) -> Path:
        path = tmp_path / "mine.yaml"
        path.write_text(yaml.dump(told(**changed), Dumper=Plain, allow_unicode=True), encoding="utf-8")
        return path

    return write


def test_the_documents_questions_are_shipped() -> None:
    assert set(SHIPPED) == {
        "chips-for-rare-earths", "equipment-and-people", "tariffs-for-licences", "temporary-permits",
    }  # fmt: skip


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_bargain_is_sound(name: str) -> None:
    bargain = table.load(name)
    assert bargain.id == name
    assert all(side.policies[0].levers == side.policies[0].law == side.policies[0].pays == () for side in bargain.sides)
    known = {claim.parameter for claim in baseline.load()}
    for one in bargain.answers:
        assert (one.parameter or f"press:{one.claim}") in known
    laws = {one.id for one in regimes.load()}
    named = {law.instrument for side in bargain.sides for policy in side.policies for law in policy.law}
    assert named <= laws
    plan = scenarios.load(bargain.scenario)
    laid = moves.laid(bargain, plan, bargain.date, plan.end)
    assert len(laid.cells) == len(bargain.sides[0].policies) * len(bargain.sides[1].policies)
    for each in laid.plans:
        scenarios.instruments(each)  # the law of every cell can be put together


@pytest.mark.parametrize("name", SHIPPED)
def test_every_number_of_a_bargain_has_its_reason(name: str) -> None:
    for what, one in weights.spreads(table.load(name)).items():
        assert one.why, what
        assert one.assumed, f"{what} rests on no document, and must say so"


def test_levers_begin_with_the_policy_and_end_when_they_say() -> None:
    lever = Lever.model_validate({"kind": "general_licence", "region": "US", "value": 0.5, "months": 6})
    event = lever.event("policy-china-trial-1", date(2027, 1, 11), date(2026, 11, 21))
    assert (event.date, event.until, event.known) == (date(2027, 1, 11), date(2027, 7, 12), date(2026, 11, 21))
    lasting = Lever.model_validate({"kind": "tech_control", "value": 0.5}).event(
        "a", date(2027, 1, 11), date(2030, 1, 1)
    )
    assert lasting.until is None
    assert lasting.known == date(2027, 1, 11)


def test_a_law_holds_from_its_day_and_what_was_assumed_until_then_stays() -> None:
    bargain = table.load("chips-for-rare-earths")
    plan = scenarios.load("baseline")
    tight = moves.with_policies(plan, [("china", bargain.sides[0].policies[2])], date(2029, 1, 1))
    told_55 = [one for one in tight.regimes.assume if one.instrument == "cn-55-2025"]
    assert [(one.suspended, one.since, one.until) for one in told_55] == [
        (True, date(2027, 1, 11), date(2028, 12, 31)),
        (False, date(2029, 1, 1), None),
    ]
    assert plan.regimes.assume != tight.regimes.assume
    assert len(plan.regimes.assume) == 6


def test_a_passing_law_gives_way_to_what_was_assumed_after_it() -> None:
    plan = scenarios.load("baseline")
    policy = table.Policy.model_validate(
        {"id": "a", "name": {"en": "a", "zh": "a"},
         "law": [{"instrument": "cn-55-2025", "does": "holds", "months": 12}]}
    )  # fmt: skip
    changed = moves.with_policies(plan, [("china", policy)], date(2027, 1, 11))
    found = [one for one in changed.regimes.assume if one.instrument == "cn-55-2025"]
    assert [(one.suspended, one.since) for one in found] == [(True, date(2028, 1, 11)), (False, date(2027, 1, 11))]


def test_a_bargain_is_found_by_name_and_by_path(written, tmp_path: Path) -> None:
    assert table.load(written()).id == "small"
    own = tmp_path / "bargains"
    own.mkdir()
    written().rename(own / "mine.yaml")
    assert "mine" in table.names(tmp_path)
    assert table.load("mine", tmp_path).id == "small"


def test_nice_errors(written) -> None:
    with pytest.raises(UnknownName, match="bargain 'chips-for-rare-earth'") as lost:
        table.load("chips-for-rare-earth")
    assert "chips-for-rare-earths" in lost.value.remedy
    with pytest.raises(BadValue, match="no such file"):
        table.load("nowhere.yaml")
    sides = told()["sides"]
    with pytest.raises(InputError, match=r"side 'us' has no policies.*mine.yaml line"):
        table.load(written(sides=[sides[0], {**sides[1], "policies": []}]))
    with pytest.raises(InputError, match="two sides, not 1"):
        table.load(written(sides=sides[:1]))
    with pytest.raises(InputError, match="'china'"):
        table.load(written(sides=[sides[0], {**sides[1], "id": "china"}]))
    wrong = {**sides[1], "policies": [{"id": "a", "name": told()["title"], "pays": [{"payment": "chip", "units": 1}]}]}
    with pytest.raises(InputError, match="no payment is called 'chip': chips"):
        table.load(written(sides=[sides[0], wrong]))
    wrong = {**sides[0], "policies": [{"id": "a", "name": told()["title"], "levers": [{"kind": "review_sped"}]}]}
    with pytest.raises(InputError, match=r"review_speed.*review_sped"):
        table.load(written(sides=[wrong, sides[1]]))
    wrong = {
        **sides[0],
        "policies": [{"id": "a", "name": told()["title"], "levers": [{"kind": "grant", "value": 2.0}]}],
    }
    with pytest.raises(InputError, match="is a share"):
        table.load(written(sides=[wrong, sides[1]]))
    for discount in (0.0, 1.0, 1.5, float("nan")):
        with pytest.raises(InputError, match="discount"):
            table.load(written(discount=discount))
    with pytest.raises(UnknownName, match="key 'threats'"):
        table.load(written(threats="maxmin"))
    with pytest.raises(InputError, match="payments"):
        table.load(written(payments=[{**told()["payments"][0], "worth": {"china": float("inf")}}]))
    with pytest.raises(BadValue, match=r"a game in the year 2020"):
        keeping.later(table.load(written()), [2020])
    with pytest.raises(BadValue, match=r"a game in the year 2999"):
        keeping.later(table.load(written()), [2999])


def test_later_years_come_in_order_each_once(written) -> None:
    bargain = table.load(written(later=[2029, 2027]))
    assert keeping.later(bargain, None) == (2027, 2029)
    assert keeping.later(bargain, [2031, 2027, 2031, 2025]) == (2027, 2031)
    assert moves.begins(bargain) == bargain.date == moves.begins(bargain, 2025)
    assert moves.begins(bargain, 2027) == date(2027, 1, 1)
