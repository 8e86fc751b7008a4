from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path as File

import numpy as np
import pytest
from economies import economy

from ytterby.run.ario import Behaviour, Economy, Loss, Path, simulate
from ytterby.run.draws import Parameter, draw
from ytterby.run.record import load, perform
from ytterby.terms.errors import BadValue, UnknownName

TABLE = economy()
STORM = Loss({"r0|s1": 0.5, "r1|s2": 0.3}, 10, 30, 40, name="storm")
FOREIGN = Path(["r2|s0"], np.linspace(0, 0.9, 60 * 8).reshape(60, 1, 8), name="chain")
VARIED = (
    Parameter("economy:psi", 0.8, 0.7, 0.9, "", "beta"),
    Parameter("economy:inventory_days", 1.0, 0.6, 1.5, "", "lognormal"),
    Parameter("economy:shock:storm:size", 1.0, 0.5, 1.5, "", "lognormal"),
    Parameter("economy:shock:storm:duration", 30.0, 20.0, 60.0, "day", "lognormal"),
)
MODEL = Economy(TABLE, (STORM, FOREIGN), Behaviour(), date(2025, 1, 1), 90, VARIED)


pytestmark = pytest.mark.usefixtures("quick_to_compile")


def test_a_run_is_kept_and_says_the_same_again(tmp_path: File) -> None:
    """Through ensemble and record: mass closes, the same seed has the same bits, worlds follow another's draws."""
    made = [
        perform(MODEL, tmp_path / name, {"scenario": "storm"}, draws=8, seed=3, fitted=MODEL.following(8), chunk=chunk)
        for name, chunk in (("a", 4), ("b", 4))
    ]
    one, two = made
    assert one.id == two.id
    assert one.mass_residual <= 1e-12
    for series in MODEL.series():
        assert one.array(series.name).tobytes() == two.array(series.name).tobytes(), series.name
    assert load(tmp_path / "a", one.id).array("first_slow").shape == (12, 8)
    drawn = draw(VARIED, 3, 8)
    for k in (0, 5):
        told = Behaviour(psi=drawn["economy:psi"][k], inventory_days=90.0 * drawn["economy:inventory_days"][k])
        size = drawn["economy:shock:storm:size"][k]
        days = np.round(drawn["economy:shock:storm:duration"][k])
        storm = replace(STORM, lost={key: min(v * size, 1.0) for key, v in STORM.lost.items()}, duration=days)
        alone = simulate(TABLE, parameters=told, shocks=[storm, replace(FOREIGN, lost=FOREIGN.lost[..., k])], steps=90)
        np.testing.assert_allclose(one.array("output")[..., k].sum(axis=1), alone.production.sum(axis=0), rtol=1e-5)
        np.testing.assert_allclose(one.array("unmet")[..., k].sum(axis=1), alone.unmet.sum(axis=0), rtol=1e-4, atol=0.1)
    lost = one.array("demand").sum(axis=1) - one.array("output").sum(axis=1)
    share = TABLE.value_added / TABLE.x
    np.testing.assert_allclose(one.array("value_lost").sum(axis=1), lost * share[:, None], rtol=1e-2, atol=1.0)


def test_names_that_vary_nothing_are_refused() -> None:
    with pytest.raises(UnknownName, match="inventory_days"):
        replace(MODEL, uncertain=(Parameter("economy:inventory", 1.0, 1.0, 1.0),))
    with pytest.raises(BadValue, match="one name"):
        replace(MODEL, shocks=(STORM, STORM))
