"""From sentence to world: an accepted figure of an article moves the arrays, a pending one does not."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
import pytest
from said import content, exports, said

from ytterby.evidence.claims import Claim
from ytterby.evidence.naming import named, statements
from ytterby.evidence.weigh import Moved, claim_set, moved, weigh
from ytterby.run import observations
from ytterby.world import build
from ytterby.world.network import Network

TODAY = date(2026, 11, 21)


def told() -> list[Claim]:
    """Figures as articles print them, of things the world is built from."""
    return named(
        [
            said("capacity", 4000, "t/yr", subject="Noveon", object="rare earth magnets", place="US"),
            content(None, "kg/unit", "neodymium magnets", subject="humanoid robot", low=4, high=6),
            said("capacity", 9000, "t/yr", subject="莱纳斯", object="氧化镨钕产能", place="MY", stage="separation"),
            exports(70000, "2024", to="WLD"),
            said(
                "demand",
                30000,
                "t",
                subject="wind power",
                object="magnets in wind turbines",
                place="WLD",
                period="2024",
            ),
        ]
    )


def taken(claims: list[Claim]) -> list[Claim]:
    return [claim.model_copy(update={"status": "accepted"}) for claim in claims]


@pytest.fixture(scope="module")
def plain(claims: tuple[Claim, ...]) -> Network:
    return build.build(weigh(claims, TODAY), TODAY)


def differing(one: Network, other: Network) -> set[str]:
    """Names of the fields in which two networks differ."""
    found = set()
    for field in fields(Network):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, np.ndarray):
            same = a.shape == b.shape and bool(np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))
        else:
            same = a == b
        if not same:
            found.add(field.name)
    return found


def test_pending_claims_leave_the_world_as_it_is(claims: tuple[Claim, ...], plain: Network) -> None:
    again = build.build(weigh([*claims, *told()], TODAY), TODAY)
    assert differing(plain, again) == set()
    assert claim_set([*claims, *told()]) == claim_set(claims)


def test_an_accepted_capacity_moves_its_plant_alone(claims: tuple[Claim, ...], plain: Network) -> None:
    (read, *_) = taken(told())
    assert read.parameter == "capacity:mag_noveon"
    after = build.build(weigh([*claims, read], TODAY), TODAY)
    row = plain.facilities.index("mag_noveon")
    assert after.capacity[row] > plain.capacity[row]
    others = np.arange(len(plain.facilities)) != row
    assert np.array_equal(after.capacity[others], plain.capacity[others])
    assert claim_set([*claims, read]) != claim_set(claims)


def test_on_a_day_before_it_was_known_it_moves_nothing(claims: tuple[Claim, ...]) -> None:
    day = date(2025, 12, 31)
    (read, *_) = taken(told())
    one, other = build.build(weigh(claims, day), day), build.build(weigh([*claims, read], day), day)
    assert differing(one, other) == set()


@pytest.mark.parametrize(
    ("number", "parameter"),
    [
        (1, "intensity:humanoid"),
        (2, "capacity:sep_lynas_my"),
        (3, "trade:export:CN:WLD:magnets:2024"),
        (4, "demand:bu24_wind"),
    ],
)
def test_every_kind_of_figure_reaches_the_world(
    claims: tuple[Claim, ...], plain: Network, number: int, parameter: str
) -> None:
    read = taken(told())[number]
    assert read.parameter == parameter
    before, after = weigh(claims, TODAY), weigh([*claims, read], TODAY)
    (one,) = moved(before, after)
    assert isinstance(one, Moved)
    assert (one.parameter, one.claims[0]) == (parameter, read.id)
    assert differing(plain, build.build(after, TODAY)) != set()


def test_a_read_observation_is_one_the_hindcast_can_use(claims: tuple[Claim, ...]) -> None:
    share: dict[str, Any] = {"object": "export licence applications approved", "place": "CN", "counterpart": "EU"}
    told_of = [
        exports(3500, "2026-05", to="WLD"),
        said("share", 25, "%", subject="CLEPA", attributed_to="CLEPA", as_of="2025-06-04", **share),
        said("duration", 1, "week", subject="Ford", object="plant stop", place="US", period="2025-05", as_of="2025-05"),
        said(
            "price",
            3000,
            "USD/kg",
            subject="market",
            object="terbium oxide",
            material="oxide.Tb",
            place="EU",
            period="2025-06-01",
        ),
    ]
    read = statements(taken(named(told_of)))
    kinds = [observations.read(one).kind for one in read]
    assert kinds == ["exports", "share", "stop", "price"]
    by_kind = {kind: observations.read(one) for kind, one in zip(kinds, read, strict=True)}
    assert by_kind["share"].value == pytest.approx(0.25)
    assert (by_kind["exports"].value, by_kind["price"].place) == (3500.0, "oxide.Tb")
    assert statements(named(told_of)) == [], "pending"
    rows = statements(claims)
    assert rows == [claim for claim in claims if claim.parameter]
