"""Screening: matches, candidates that stop nothing, decisions that are kept and override."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.rules import parties, screening, verdicts
from ytterby.rules.facts import of
from ytterby.rules.screening import Candidate, screen
from ytterby.store import database
from ytterby.store import folder as folders
from ytterby.store.database import Database
from ytterby.terms.errors import BadValue, StoreError, UnknownName

MEMBERS = [(one.id, party) for one in parties.load().values() for party in one.members]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with database.open(folders.init(tmp_path / "p")) as opened:
        yield opened


def names(found: list[Candidate]) -> list[str]:
    return [one.party.name for one in found]


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("Mitsubishi Heavy Ind.", "Mitsubishi Heavy Industries, Ltd."),
        ("Heavy Industries Mitsubishi", "Mitsubishi Heavy Industries, Ltd."),
        ("Mitsubishi-Heavy-Industrie", "Mitsubishi Heavy Industries, Ltd."),
        ("三菱重工业集团", "Mitsubishi Heavy Industries, Ltd."),
        ("Rheinmetal Landsysteme GmbH", "Rheinmetall AG"),
        ("Rheinmetall Electronics GmbH", "Rheinmetall AG"),
        ("Hensold AG", "HENSOLDT AG"),
        ("TDK-Lambda", "TDK Corporation"),
        ("Lockheed Martin Space", "Lockheed Martin Corporation"),
        ("Huntington Ingals Industries", "Huntington Ingalls Industries, Inc."),
        ("National Defence Academy, Yokosuka", "National Defense Academy of Japan"),
        ("Kawasaki Heavy Industries (Wuhan)", "Kawasaki Heavy Industries, Ltd."),
        ("住友重機械搬送システム", "Sumitomo Heavy Industries, Ltd."),
        ("General Dynamics Electric Boat", "General Dynamics Corporation"),
    ],
)
def test_what_is_alike_is_proposed_and_stops_nothing(name: str, party: str) -> None:
    found = screen(name)
    assert party in names(found)[:4], found
    assert not any(one.match for one in found)
    assert all(screening.FLOOR <= one.score < 1 for one in found)
    assert all(f"({one.score:.0%})" in str(one.why) for one in found)


@pytest.mark.parametrize(
    "name",
    [
        "Toyota Motor Corporation",
        "Siemens AG",
        "Bosch",
        "丰田汽车",
        "宝马",
        "Nidec",
        "Vestas Wind Systems A/S",
        "IEM",
        "Volkswagen AG",
    ],
)
def test_the_unlisted_are_left_alone(name: str) -> None:
    assert screen(name) == []


@given(st.sampled_from(MEMBERS))
def test_every_listed_name_is_its_own_match(member: tuple[str, parties.Party]) -> None:
    which, party = member
    for name in party.names:
        found = screen(name)
        assert any(one.match and one.list == which and one.party == party and one.score == 1 for one in found), name
        assert found[0].match


@given(st.text(max_size=30), st.sampled_from([None, "JP", "Germany", "美国"]))
def test_any_name_may_be_screened(name: str, country: str | None) -> None:
    if not parties.spelt(name):
        with pytest.raises(BadValue):
            screen(name, country)
        return
    found = screen(name, country)
    assert len(found) <= screening.MOST
    order = [(-one.match, -one.score) for one in found]
    assert order == sorted(order)


def test_day_and_country() -> None:
    assert screen("Leidos", on=date(2025, 3, 3)) == []
    assert screen("Leidos", on=date(2025, 3, 4))[0].match
    assert screen("Leidos", on=date(2025, 11, 10)) == []
    here, elsewhere = screen("Hensold AG", "DE")[0], screen("Hensold AG", "FR")[0]
    assert here.score > elsewhere.score
    assert "in DE, not in FR" in str(elsewhere.why)


def test_initials() -> None:
    found = screen("Mitsubishi Heavy Industries Engine & Turbocharger", "JP")
    assert found[0].match
    listed = {"x": parties.load()["cn-eu-control-2026-04-24"].model_copy(update={"members": (
        parties.Party(name="Blue Rock Metals", country="DE"),
    )})}  # fmt: skip
    said = screen("BRM", lists=listed)
    assert names(said) == ["Blue Rock Metals"]
    assert "short for" in str(said[0].why)
    assert not said[0].match


# decisions


def test_a_decision_overrides_the_proposal_and_can_be_changed(db: Database) -> None:
    name = "Mitsubishi Heavy Ind."
    cleared = screening.decide(db, name, None, reviewer="Ann", reason="a namesake in Osaka", when="2026-03-01T10:00:00")
    assert cleared.party == ""
    assert screen(name, decisions=screening.decisions(db)) == []
    screening.decide(db, "MITSUBISHI HEAVY IND", "MHI", reviewer="Bo", reason="same address")
    made = screening.decisions(db)
    found = screen(name, decisions=made)
    assert names(found) == ["Mitsubishi Heavy Industries, Ltd."]
    assert found[0].match
    assert "Bo decided so" in str(found[0].why)
    assert [one.reviewer for one in screening.history(db, name)] == ["Ann", "Bo"]
    assert screening.decided(made) == {"mitsubishiheavyind": "mitsubishiheavyindustriesltd"}


def test_decisions_can_clear_even_an_exact_name(db: Database) -> None:
    screening.decide(db, "Excalibur", None, reviewer="Ann", reason="a hotel")
    assert screen("EXCALIBUR", decisions=screening.decisions(db)) == []
    assert screen("EXCALIBUR")[0].match


def test_decisions_reach_the_verdict(db: Database) -> None:
    facts = of(
        {"item": {"form": "magnet", "composition": {"Dy": 0.03}}, "origin": "CN", "from": "CN", "to": "JP"}
        | {"end_use": "civil", "end_user": "Shinagawa Yard"}
    )
    on = date(2026, 3, 2)
    assert verdicts.verdict(facts, on).outcome == "licence"
    screening.decide(db, "Shinagawa Yard", "JMU", reviewer="Ann", reason="its dock")
    held = screening.decided(screening.decisions(db))
    said = verdicts.verdict(facts, on, decided=held)
    assert (said.outcome, said.clauses) == ("refused", ("cn-japan-2026.list-0224",))
    jmu = facts.model_copy(update={"end_user": "JMU"})
    assert verdicts.verdict(jmu, on).outcome == "refused"
    screening.decide(db, "JMU", None, reviewer="Ann", reason="a university of that name")
    cleared = screening.decided(screening.decisions(db))
    assert verdicts.verdict(jmu, on, decided=cleared).outcome == "licence"


def test_decisions_are_never_changed(db: Database) -> None:
    screening.decide(db, "Somebody", None, reviewer="Ann", reason="known")
    for statement in ("UPDATE screenings SET party = 'x'", "DELETE FROM screenings"):
        with pytest.raises(StoreError, match="append-only"):
            db.execute(statement)
    assert len(screening.history(db, "somebody")) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("?!", None, "Ann", "why"), ["no name"]),
        (("X", None, " ", "why"), ["needs a reviewer"]),
        (("X", None, "Ann", ""), ["needs a reason"]),
        (("X", "Hensold AG", "Ann", "why"), ["Hensold AG", "HENSOLDT AG"]),
    ],
)
def test_nice_errors_and_nothing_kept(
    db: Database, arguments: tuple[str, str | None, str, str], said: list[str]
) -> None:
    name, party, reviewer, reason = arguments
    with pytest.raises((BadValue, UnknownName)) as error:
        screening.decide(db, name, party, reviewer=reviewer, reason=reason)
    for part in said:
        assert part in str(error.value)
    assert screening.decisions(db) == {}


def test_nice_errors_of_screening() -> None:
    with pytest.raises(UnknownName, match="Germoney"):
        screen("Hensoldt", "Germoney")
    with pytest.raises(BadValue, match="no name"):
        screen("…")
    with pytest.raises(BadValue, match="one name at a time"):
        screen("Hensoldt " * 100)
