"""Trials are runs that are not kept: the same bits, on the same draws, however many are asked for together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from toy import toy
from worlds import SHOCKS, event, licences

from ytterby import BadValue, UnknownName
from ytterby.run import trials
from ytterby.run.ensemble import Engine
from ytterby.run.forecast import forecast
from ytterby.world.scenarios import Scenario

DRAWS = 5


def _with(value: float, **fields: object) -> Scenario:
    told = licences()
    return told.model_copy(update={"events": (event("review_speed", region="US", value=value, **fields),)})


def test_a_trial_has_the_bits_of_a_kept_run(tmp_path: Path) -> None:
    scenario = _with(0.3)
    kept = forecast(toy(), scenario, tmp_path, draws=DRAWS, seed=4)
    slower, found = trials.trials(toy(), [_with(0.1), scenario], draws=DRAWS, seed=4, keep=("output", "exports"))
    assert found.labels["exports"] == kept.labels("exports")
    assert np.array_equal(found.series["output"], kept.array("output"))
    assert np.array_equal(found.series["exports"], kept.array("exports"))
    assert np.array_equal(found.first["slow"], kept.array("first_slow"))
    assert np.array_equal(found.missed, kept.array("missed"))
    assert list(found.periods) == kept.info["periods"]
    assert not np.array_equal(slower.series["exports"], found.series["exports"])


def test_events_that_differ_in_value_and_day_share_a_compilation(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    before = Engine.__init__
    monkeypatch.setattr(Engine, "__init__", lambda *given: (made.append(given), before(*given))[1])
    asked = [_with(0.3), _with(0.9), _with(0.3, date=date(2025, 5, 5))]
    trials.trials(toy(), asked, draws=2)
    assert len(made) == 1
    trials.trials(toy(), [_with(0.3), licences().model_copy(update={"events": SHOCKS})], draws=2)
    assert len(made) == 3


def test_given_values_take_the_place_of_drawn_ones() -> None:
    scenario = _with(0.3)
    plain, same, other = (
        trials.trials(toy(), [scenario], draws=3, given=given)[0]
        for given in (None, {"licensing:grant_civil": np.array([0.0])}, {"no:such": np.array([1.0])})
    )
    assert np.array_equal(plain.series["output"], other.series["output"])
    assert not np.array_equal(plain.series["output"], same.series["output"])


def test_progress_runs_over_all_trials() -> None:
    told: list[tuple[int, int]] = []
    trials.trials(toy(), [_with(0.3), _with(0.4)], draws=3, progress=lambda *at: told.append(at))
    assert told[0] == (0, 6)
    assert told[-1] == (6, 6)
    assert told == sorted(told)


def test_a_caller_who_keeps_less_gets_each_trial_as_it_is_made() -> None:
    asked = [_with(0.3), _with(0.4)]
    seen: list[trials.Trial] = []
    assert trials.trials(toy(), asked, draws=2, each=seen.append) == []
    for mine, theirs in zip(seen, trials.trials(toy(), asked, draws=2), strict=True):
        assert mine.scenario is theirs.scenario
        assert np.array_equal(mine.series["output"], theirs.series["output"])


def test_rows_are_chosen_by_label() -> None:
    (found,) = trials.trials(toy(), [_with(0.3)], draws=2)
    american = found.rows("output", lambda label: label.endswith(".US"))
    assert 0 < len(american) < len(found.series["output"])


def test_nice_errors() -> None:
    with pytest.raises(BadValue, match="no scenario to try"):
        trials.trials(toy(), [], draws=1)
    with pytest.raises(BadValue, match="0 draws"):
        trials.trials(toy(), [licences()], draws=0)
    with pytest.raises(UnknownName, match="outputs"):
        trials.trials(toy(), [licences()], draws=1, keep=("outputs",))


def test_a_shorter_span_is_the_beginning_of_a_longer_one() -> None:
    whole = _with(0.3)
    cut = whole.model_copy(update={"end": date(2025, 12, 31)})
    long, short = trials.trials(toy(), [whole, cut], draws=3, freq="month")
    # towards its end a run looks ahead at demand that it does not know
    months = len(short.periods) // 2
    assert whole.end > cut.end
    np.testing.assert_array_equal(short.series["output"][:, :months], long.series["output"][:, :months])
