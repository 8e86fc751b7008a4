from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import worlds
from pydantic import ValidationError
from toy import toy
from worlds import event, licences

from ytterby.rules import gates
from ytterby.run.chain.forcing import force
from ytterby.run.draws import Parameter, draw
from ytterby.run.forecast import forecast
from ytterby.run.record import listing, load
from ytterby.terms.errors import BadValue, DateOrder, UnknownName, YtterbyError
from ytterby.world import scenarios

TOLD = {
    "an unknown facility": (event("supply_loss", facility="mine_cnn", value=0.5), "mine_cnn", "mine_cn"),
    "an unknown region": (event("reroute", region="UX", value=2.0), "UX", "US"),
    "an unknown material": (event("price_floor", material="oxide.Dyy", value=9.0), "oxide.Dyy", "oxide.Dy"),
    "an unknown product": (event("demand", product="cars", value=1.1), "cars", "car"),
}


@pytest.mark.parametrize("case", TOLD)
def test_a_scenario_that_names_what_the_world_lacks(case: str, tmp_path: Path) -> None:
    one, wrong, right = TOLD[case]
    told = licences().model_copy(update={"events": (one,)})
    with pytest.raises(UnknownName) as caught:
        forecast(toy(), told, tmp_path / "runs", draws=2)
    error = caught.value
    assert wrong in error.cause
    assert right in error.remedy
    assert one.name in error.place
    assert not (tmp_path / "runs").exists()


NOTHING = {
    "a floor under a price nobody keeps": (event("price_floor", material="conc.x", value=9.0), "no price of conc.x"),
    "a purchase where nobody sells": (
        event("stockpile_buy", region="US", material="oxide.Dy", value=1.0),
        "nobody in US sells oxide.Dy",
    ),
    "a release where nobody uses it": (
        event("stockpile_release", region="US", material="oxide.Dy", value=1.0),
        "no plant or maker in US uses oxide.Dy",
    ),
    "money for a plant elsewhere": (
        event("investment", region="CN", facility="mag_us", value=1e9),
        "CN has no plant called mag_us to invest in",
    ),
    "a promise to plants that are not there": (
        event("offtake", region="US", material="conc.x", value=0.5),
        "no plant in US sells conc.x at home",
    ),
    "money for a stage nobody has": (
        event("investment", region="US", stage="mine", value=1e9),
        "US has no mine to invest in",
    ),
}


@pytest.mark.parametrize("case", NOTHING)
def test_an_event_that_would_do_nothing_is_refused(case: str) -> None:
    one, cause = NOTHING[case]
    with pytest.raises(BadValue, match=cause) as caught:
        force(toy(), licences().model_copy(update={"events": (one,)}))
    assert one.name in caught.value.place
    assert caught.value.remedy


@pytest.mark.parametrize("draws", [0, -3])
def test_no_draws(draws: int, tmp_path: Path) -> None:
    with pytest.raises(BadValue) as caught:
        forecast(toy(), licences(), tmp_path / "runs", draws=draws)
    assert str(draws) in caught.value.cause
    assert "at least 1" in caught.value.remedy
    assert listing(tmp_path / "runs") == []
    assert list(tmp_path.glob("**/*.part-*")) == []
    with pytest.raises(BadValue):
        draw((), 0, draws)


def test_an_unknown_run(tmp_path: Path) -> None:
    with pytest.raises(UnknownName) as caught:
        load(tmp_path, "april-2052")
    assert "april-2052" in caught.value.cause
    assert str(tmp_path) in caught.value.place
    for name in ("latest", "", "*", "../x"):
        with pytest.raises(UnknownName):
            load(tmp_path, name)


def test_dates_that_run_backwards(tmp_path: Path) -> None:
    path = tmp_path / "back.yaml"
    path.write_text("id: back\nextends: april-2025\nstart: 2026-01-05\nend: 2025-01-06\n", encoding="utf-8")
    with pytest.raises(DateOrder) as caught:
        scenarios.load(path)
    assert "back.yaml" in caught.value.place
    with pytest.raises(DateOrder):
        gates.gates((), [20_000, 19_999], date(2026, 1, 1))


def test_a_step_longer_than_stocks_last() -> None:
    with pytest.raises(BadValue, match="30 days") as caught:
        force(toy(), licences().model_copy(update={"step_days": 30.0}))
    assert "step_days" in caught.value.place
    assert "14" in caught.value.remedy


def test_a_lever_that_is_not_there() -> None:
    with pytest.raises(UnknownName, match="second-sorce"):
        scenarios.load("baseline").with_levers(["second-sorce"])


def test_a_spread_in_disorder() -> None:
    with pytest.raises(BadValue, match="not in order") as caught:
        Parameter("licensing:review_days", 10.0, 20.0, 30.0, "day", "lognormal")
    assert caught.value.place == "licensing:review_days"


def test_a_share_beyond_one_is_refused_before_anything_runs() -> None:
    with pytest.raises((YtterbyError, ValidationError), match="between 0 and 1"):
        event("grant", region="US", value=1.2)


def test_every_error_has_a_cause_and_a_remedy(tmp_path: Path) -> None:
    for told in TOLD.values():
        with pytest.raises(YtterbyError) as caught:
            force(toy(), licences().model_copy(update={"events": (told[0],)}))
        fields = caught.value.to_dict()
        assert all(fields[key] for key in ("cause", "place", "remedy"))
        assert "Traceback" not in str(caught.value)
    assert np.isfinite(worlds.DRAWS)
