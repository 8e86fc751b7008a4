"""What a fit may see: the observations it names, none of a later day; and how its forecast is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from toy import toy
from worlds import licences

from ytterby.run import fits, hindcast
from ytterby.run.draws import Parameter
from ytterby.run.fits import Fitted
from ytterby.run.observations import best, gather, inside, read, scale, unscale
from ytterby.terms.errors import BadValue, UnknownName
from ytterby.world.scenarios import Fit, Scenario


@dataclass(frozen=True)
class Said:
    """A claim, as far as an observation reads one."""

    parameter: str
    value: float | None
    period: str = ""
    as_of: str = ""
    counterpart: str = "US"
    id: str = "c"
    known: date | None = None
    confidence: str = "A"


EXPORTS = "trade:export:CN:WLD:magnets:"
SEEN = (
    Said(EXPORTS + "2025-03", 360.0, "2025-03"),
    Said(EXPORTS + "2025-04", 150.0, "2025-04"),
    Said(EXPORTS + "2025-05", 140.0, "2025-05"),
    Said("licence:a_share", 0.3, as_of="2025-06-04", counterpart="US"),
    Said("licence:b_stop", 7.0, as_of="2025-05", counterpart="US"),
)
LATER = tuple(
    Said(EXPORTS + f"2025-{month:02d}", value, f"2025-{month:02d}") for month, value in ((7, 300.0), (8, 10.0))
)


def _plan() -> Scenario:
    fit = Fit(
        until=date(2025, 6, 30),
        observations=tuple(s.parameter for s in SEEN),
        months=("2025-04",),
        predict_until="2025-09",
    )
    return licences().model_copy(update={"fit": fit})


@cache
def _fitted() -> Fitted:
    return hindcast.fit(toy(), _plan(), (*SEEN, *LATER), members=48, rounds=2)


def test_later_observations_change_no_bit() -> None:
    changed = tuple(replace(said, value=9.0 * (said.value or 0.0)) for said in LATER)
    again = hindcast.fit(toy(), _plan(), (*changed, *SEEN), members=48, rounds=2)
    assert again.names == _fitted().names
    assert np.array_equal(again.scores, _fitted().scores)


def test_a_fit_moves_toward_what_was_seen() -> None:
    def misfit(side: str) -> float:
        rows = [o for o in _fitted().about["observations"] if o["kind"] == "exports"]
        return sum(abs(np.log(max(o[side]["median"], 1.0) / o["value"])) for o in rows)

    assert misfit("posterior") < 0.8 * misfit("prior")


def test_an_observation_of_a_later_day_is_refused() -> None:
    with pytest.raises(BadValue, match="after 2025-06-30"):
        gather((*SEEN, *LATER), (LATER[0].parameter,), date(2025, 6, 30))


def test_nice_errors() -> None:
    with pytest.raises(UnknownName, match="observation"):
        gather(SEEN, ("trade:export:CN:WLD:magnets:2024-01",), date(2025, 6, 30))
    with pytest.raises(BadValue, match="no counterpart in the model"):
        read(Said("price:NdPr oxide:China:2025-05", 60.0, "2025-05"))
    with pytest.raises(BadValue, match="has no 'fit'"):
        hindcast.fit(toy(), licences().model_copy(update={"fit": None}), SEEN)


@pytest.mark.parametrize(("kind", "value"), [("exports", 1238.0), ("share", 0.25), ("stop", 20224.0)])
def test_scales_go_there_and_back(kind: str, value: float) -> None:
    assert unscale(kind, scale(kind, np.array(value))) == pytest.approx(value)


def test_of_rival_figures_the_best_is_scored() -> None:
    rivals = (
        Said("trade:export:CN:JP:magnets:2025-12", 411.0, confidence="C"),
        Said("trade:export:CN:JP:magnets:2025-12", 280.0, confidence="A"),
        Said("trade:export:CN:JP:magnets:2025-12", 290.0, confidence="B"),
        Said("trade:export:CN:JP:magnets:2025-11", None),
    )
    assert {name: claim.value for name, claim in best(rivals).items()} == {"trade:export:CN:JP:magnets:2025-12": 280.0}


def test_places() -> None:
    assert inside("WLD", "JP")
    assert inside("EU", "DE")
    assert not inside("DE", "EU")
    assert not inside("US", "JP")


def test_a_fit_survives_its_file(tmp_path: object) -> None:
    path = fits.save(_fitted(), tmp_path)  # type: ignore[arg-type]
    back = fits.load(path)
    assert back.names == _fitted().names
    assert back.scores == pytest.approx(_fitted().scores, abs=1e-4)
    assert fits.find("april-2025", path.parent) is not None


def test_values_stay_within_the_range_of_their_parameter() -> None:
    share = Parameter("licensing:x", 0.5, 0.2, 0.9, kind="beta")
    fitted = Fitted("s", ("licensing:x", "licensing:gone"), np.array([[-3.0, 0.0, 3.0], [0.0, 0.0, 0.0]]), {})
    values = fits.values(fitted, (share,), 5)
    assert set(values) == {"licensing:x"}
    assert values["licensing:x"].shape == (5,)
    assert np.all((values["licensing:x"] > 0.0) & (values["licensing:x"] < 1.0))


def test_the_shipped_fit_saw_nothing_after_june_2025_and_meets_the_fitted_months() -> None:
    shipped = fits.find("april-2025")
    assert shipped is not None
    assert shipped.about["until"] == "2025-06-30"
    assert max(o["last"] for o in shipped.about["observations"]) <= "2025-06-30"
    medians = {o["name"]: o["posterior"]["median"] / o["value"] for o in shipped.about["observations"]}
    for month in ("2025-04", "2025-05", "2025-06"):
        assert medians[EXPORTS + month] == pytest.approx(1.0, abs=0.15)
