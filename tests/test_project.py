"""The one door: it asks the rooms, keeps what was decided, and refuses before anything is written."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ytterby
from ytterby.evidence.claims import Claim
from ytterby.project import Project
from ytterby.store import claims, database, folder, reviews

OVERLAY = """\
parameter,value,unit,source_publisher,confidence,note
capacity:sep_mp,6400,t NdPr oxide/y,An invented note,B,invented for a test
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return ytterby.init(tmp_path_factory.mktemp("shared") / "project")


@functools.cache
def _every(project: Project) -> tuple[Claim, ...]:
    return tuple(project.claims())


@settings(max_examples=8)
@given(st.dates(datetime.date(2015, 1, 1), datetime.date(2027, 1, 1)))
def test_nothing_known_later_is_listed(shared: Project, day: datetime.date) -> None:
    listed = shared.claims(known=day)
    every = _every(shared)
    assert all(claim.known is not None and claim.known <= day for claim in listed)
    later = {claim.id for claim in every if claim.known is not None and claim.known > day}
    undated = {claim.id for claim in every if claim.known is None}
    assert {claim.id for claim in listed} | later | undated == {claim.id for claim in every}


def test_each_condition_keeps_what_it_says(shared: Project) -> None:
    every = _every(shared)
    first = next(claim.parameter for claim in every if claim.parameter.startswith("trade:"))
    assert shared.claims(kind="price") == [claim for claim in every if claim.kind == "price"]
    assert shared.claims(parameter="trade:") == [claim for claim in every if claim.parameter.startswith("trade:")]
    assert shared.claims(parameter=first) == [claim for claim in every if claim.parameter == first]
    assert shared.claims(document=every[0].document) == [c for c in every if c.document == every[0].document]


def test_claims_of_an_overlay_count_as_long_as_they_stand_there(project: Project) -> None:
    before = {claim.id for claim in project.claims()}
    overlay = project.path / "overlay" / "claims.csv"
    overlay.write_text(OVERLAY, encoding="utf-8")
    [added] = [claim for claim in project.claims() if claim.id not in before]
    assert (added.parameter, added.value, added.document) == ("capacity:sep_mp", 6400.0, "overlay")
    overlay.unlink()
    assert {claim.id for claim in project.claims()} == before
    with database.open(folder.find(project.path)) as db:
        assert claims.get(db, added.id) is not None


def test_claims_and_weights_are_the_same_when_opened_again(shared: Project) -> None:
    again = ytterby.open(shared.path)
    assert again.claims() == shared.claims()
    assert again.weigh("capacity:sep_mp") == shared.weigh("capacity:sep_mp")


def test_weighing_names_what_was_asked(shared: Project) -> None:
    assert set(shared.weigh("capacity:sep_mp")) == {"capacity:sep_mp"}
    some = shared.weigh("capacity:")
    assert len(some) > 1
    assert all(name.startswith("capacity:") for name in some)
    assert shared.weigh("no such parameter") == {}


def test_a_rejected_claim_stays_rejected_and_carries_no_weight(project: Project) -> None:
    [weighed] = project.weigh("capacity:sep_mp").values()
    heaviest = max(weighed.claims, key=lambda pair: pair[1])[0]
    with database.open(folder.find(project.path)) as db:
        reviews.add(db, heaviest, "rejected", reviewer="a test", reason="to see")
    [claim] = [claim for claim in ytterby.open(project.path).claims() if claim.id == heaviest]
    assert (claim.status, claim.reason) == ("rejected", "to see")
    left = project.weigh("capacity:sep_mp")
    assert all(heaviest != claim for row in left.values() for claim, _ in row.claims)


def test_a_scenario_of_the_project_is_found(shared: Project) -> None:
    names = {scenario.id for scenario in shared.scenarios()}
    assert {"baseline", "april-2025", "october-2025", "robots-2050", "self-sufficiency", "requisition"} <= names
    assert shared.scenario("april-2025").id == "april-2025"


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda p: p.claims(kind="prise"), "did you mean 'price'"),
        (lambda p: p.scenario("april-2O25"), "april-2025"),
        (lambda p: p.run("april-2025", draws=0), "a whole number of 1 or more"),
        (lambda p: p.run("april-2025", draws=True), "a whole number of 1 or more"),
        (lambda p: p.run("april-2025", draws=2.5), "a whole number of 1 or more"),
        (lambda p: p.run("april-2025", seed=-1), "a whole number of 0 or more"),
        (lambda p: p.run("april-2025", step_days=0.0), "number of days above 0"),
        (lambda p: p.run("april-2025", step_days=float("nan")), "number of days above 0"),
        (lambda p: p.run("april-2025", levers=["no-such-lever"]), "no-such-lever"),
    ],
)
def test_nice_errors(shared: Project, ask: Callable[[Project], object], says: str) -> None:
    with pytest.raises(ytterby.InputError) as caught:
        ask(shared)
    assert says in str(caught.value)
    assert caught.value.cause
    assert list((shared.path / "runs").iterdir()) == []


@pytest.mark.parametrize("kept", [0, 1, 99, 100, 4096, 5000])
def test_a_truncated_database_is_told_and_left_alone(project: Project, kept: int) -> None:
    project.claims()
    path = folder.find(project.path).database
    torn = path.read_bytes()[:kept]
    path.write_bytes(torn)
    with pytest.raises(ytterby.StoreError) as caught:
        project.claims()
    assert str(path) in caught.value.place
    assert caught.value.remedy
    assert path.read_bytes() == torn


def test_there_is_no_project_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(ytterby.StoreError, match="ytterby init"):
        ytterby.open(tmp_path)
    with pytest.raises(ytterby.StoreError):
        ytterby.open(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []
