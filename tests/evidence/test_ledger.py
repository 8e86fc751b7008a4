from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from said import exports, held, said

from ytterby.evidence.arithmetic import check_arithmetic
from ytterby.evidence.claims import Claim
from ytterby.evidence.ledger import TOLERANCE, score, tally
from ytterby.evidence.lineage import trace
from ytterby.evidence.naming import named
from ytterby.evidence.weigh import moved, weigh

TODAY = date(2026, 11, 21)


def built(value: float, **fields: Any) -> Claim:
    told = {"subject": "Tesla", "object": "Optimus robots", "period": "2025", "known": date(2026, 3, 1)}
    return said("production", value, "unit/yr", **{**told, **fields})


def foreseen(value: float, **fields: Any) -> Claim:
    return built(value, **{"modality": "target", "known": date(2025, 4, 22), **fields})


def true(claim: Claim) -> Claim:
    return claim.model_copy(update={"status": "accepted"})


@pytest.mark.parametrize(
    ("forecast", "actual", "outcome"),
    [
        (foreseen(5000), built(150), "missed"),
        (foreseen(1000, comparator="≥"), built(1200), "met"),
        (foreseen(1000), built(950), "met"),
        (foreseen(1000), built(5000), "met"),
        (foreseen(1000, modality="forecast"), built(5000), "missed"),
        (foreseen(1000, modality="forecast"), built(1000 * (1 + TOLERANCE)), "met"),
        (foreseen(1000, modality="forecast", low=800, high=1600), built(1500), "met"),
        (foreseen(1010, modality="forecast", comparator="<"), built(1510), "missed"),
        (foreseen(1000), built(900, period="2024"), "unknown"),
        (foreseen(1000, period="2027"), built(900), "open"),
        (foreseen(1000), built(900, known=date(2027, 1, 1)), "unknown"),
    ],
)
def test_a_forecast_is_scored_once_its_day_has_come(forecast: Claim, actual: Claim, outcome: str) -> None:
    (one,) = score(named([forecast, true(actual)]), TODAY)
    assert one.outcome == outcome
    assert one.hit is {"met": True, "missed": False}.get(outcome)
    assert (one.actual != "") == (outcome in ("met", "missed"))
    if one.error is not None:
        assert one.found is not None
        assert one.expected is not None
        assert one.error == pytest.approx(one.found / one.expected - 1)


def test_only_accepted_claims_tell_an_outcome() -> None:
    (one,) = score(named([foreseen(1000), built(900)]), TODAY)
    assert one.outcome == "unknown"


def test_rejected_and_undated_forecasts_are_not_in_the_ledger() -> None:
    assert score([foreseen(1000, status="rejected"), foreseen(1000, period="")], TODAY) == []


def test_a_share_is_scored_across_bases_with_a_note(claims: tuple[Claim, ...]) -> None:
    (read,) = named([held(68, "rare earths", by="2025", modality="forecast", known=date(2025, 9, 3), publisher="Sohu")])
    (one,) = (one for one in score([*claims, read], TODAY) if one.forecast == read.id)
    assert one.outcome == "met"
    assert one.found == pytest.approx(69.2)
    assert one.unit == "%"
    assert one.note == "basis: not stated / all REO"
    assert one.source == "Sohu"


@pytest.mark.parametrize(
    ("way", "january", "outcome"), [("down", 200, "met"), ("down", 400, "missed"), ("up", 400, "met")]
)
def test_a_direction_is_scored_against_the_month_before(way: str, january: float, outcome: str) -> None:
    told: dict[str, Any] = {"subject": "China", "object": "rare earth magnet exports to Japan", "place": "CN"}
    ahead = said("forecast", None, f"direction:{way}", counterpart="JP", period="2026-01", modality="forecast", **told)
    (one,) = score(named([ahead, true(exports(280)), true(exports(january, "2026-01"))]), TODAY)
    assert one.outcome == outcome
    assert one.error == pytest.approx(january / 280 - 1)
    assert one.note == "against 2025-12"
    (blank,) = score(named([ahead, true(exports(280))]), TODAY)
    assert blank.outcome == "unknown"


def test_a_year_is_due_at_its_end() -> None:
    told: dict[str, Any] = {"subject": "world", "object": "NdPr alloy shortage", "modality": "forecast"}
    (late,) = score([said("forecast", 2037, "year", **told)], TODAY)
    (now,) = score([said("forecast", 2025, "year", **told)], TODAY)
    assert (late.outcome, late.due) == ("open", date(2037, 12, 31))
    assert now.outcome == "unknown"


def test_the_baselines_own_forecasts_are_scored(claims: tuple[Claim, ...]) -> None:
    scored = score(claims, TODAY)
    by_name = {one.about: one for one in scored}
    assert by_name["robots:opt_plan25"].outcome == "missed"
    assert by_name["demand:iea_2030"].outcome == "open"
    dues = [one.due for one in scored if one.due <= TODAY]
    assert dues == sorted(dues)
    assert len({one.forecast for one in scored}) == len(scored)


def test_every_forecast_is_counted_once_in_its_sources_record(claims: tuple[Claim, ...]) -> None:
    scored = score(
        [*claims, *named([foreseen(5000), foreseen(100, publisher="Xinhua", attributed_to="Xinhua")])], TODAY
    )
    rows = tally(scored)
    assert sum(row.scored + row.open + row.unknown for row in rows) == len(scored)
    assert [row.scored for row in rows] == sorted((row.scored for row in rows), reverse=True)
    assert all(row.error is None or row.error >= 0 for row in rows)


def test_what_is_told_is_plain_json(claims: tuple[Claim, ...]) -> None:
    scored = score(claims, TODAY)
    told = [one.to_dict() for one in (*scored, *tally(scored), *trace(claims), *check_arithmetic(claims))]
    told += [one.to_dict() for one in moved({}, weigh(claims))]
    assert json.loads(json.dumps(told, allow_nan=False)) == told
