from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import worlds
from puddle import Puddle, rain
from toy import toy
from worlds import Kept, Outcome, ensemble

from ytterby.run.chain.forcing import force
from ytterby.run.chain.model import Chain
from ytterby.run.draws import draw, slice_of
from ytterby.run.ensemble import Engine, padded, simulate
from ytterby.run.periods import calendar
from ytterby.terms.errors import BadValue


def collect(**given: object) -> Outcome:
    sink = Kept()
    simulate(Puddle(), sink, **{"draws": 13, "seed": 3, "chunk": 4, **given})  # type: ignore[arg-type]
    return Outcome(tuple(sink.chunks))


def test_chunks_come_in_order_and_cover_every_draw() -> None:
    edges = [(c.first, c.last) for c in collect().chunks]
    assert edges == [(0, 4), (4, 8), (8, 12), (12, 13)]


@pytest.mark.parametrize(
    "given", [{"workers": 3}, {"chunk": 1}, {"chunk": 13}, {"chunk": 100}, {"workers": 2, "chunk": 5}]
)
def test_neither_chunks_nor_workers_change_a_draw(given: dict[str, int]) -> None:
    usual, other = collect().series, collect(**given).series
    for name, values in usual.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)


def test_folded_series_are_those_computed_by_hand() -> None:
    laid = calendar(Puddle().grid)
    found = collect().series
    steps = np.arange(1.0, 41.0)
    flow = laid.share.T @ steps
    drawn = rain(13, 3)
    for k in range(4):
        np.testing.assert_allclose(found["exports"][k], (k + 1) * flow[:, None] * drawn, rtol=1e-6)
    level = flow / laid.share.sum(axis=0)
    np.testing.assert_allclose(found["prices"][1], 2 * level[:, None] * drawn, rtol=1e-6)


def test_progress_is_told_from_nothing_to_all() -> None:
    told: list[tuple[int, int]] = []
    collect(progress=lambda done, of: told.append((done, of)))
    assert told == [(0, 13), (4, 13), (8, 13), (12, 13), (13, 13)]


def test_fitted_values_take_the_place_of_drawn_ones() -> None:
    fitted = {"puddle:rain": np.array([5.0, 7.0])}
    found = collect(fitted=fitted).series["exports"][0, 0]
    np.testing.assert_allclose(found / found[0], np.resize([1.0, 1.4], 13), rtol=1e-6)


def test_no_draws_are_refused() -> None:
    with pytest.raises(BadValue, match="0 draws"):
        collect(draws=0)


def test_padding_repeats_and_drops() -> None:
    drawn = {"a": np.arange(3.0)}
    np.testing.assert_array_equal(padded(drawn, 5)["a"], [0, 1, 2, 0, 1])


# the chain itself


def test_the_same_seed_gives_the_same_bits_whatever_ran_before(folded: Outcome) -> None:
    """Backwards through the chunks, three at a time, on an engine of its own."""
    engine = Engine(worlds.short())
    drawn = draw(worlds.short().parameters(), 3, 13)
    with ThreadPoolExecutor(3) as pool:
        jobs = [
            pool.submit(engine.chunk, slice_of(drawn, c.first, c.last), c.first, c.last, 4) for c in folded.chunks[::-1]
        ]
        again = [job.result() for job in jobs[::-1]]
    for one, two in zip(folded.chunks, again, strict=True):
        for name, values in one.series.items():
            assert values.tobytes() == two.series[name].tobytes(), name
        assert one.lines.lost.tobytes() == two.lines.lost.tobytes()
    assert max(c.residual for c in folded.chunks) <= 1e-9
    assert min(c.lowest for c in folded.chunks) >= 0.0
    # a draw run alone is the same world, whatever stood beside it
    alone = engine.chunk(slice_of(drawn, 5, 6), 5, 6, 4)
    for name, values in folded.series.items():
        if name != "residual":
            np.testing.assert_allclose(alone.series[name][..., 0], values[..., 5], rtol=1e-5, atol=1e-6, err_msg=name)


def test_scenarios_share_the_world_until_they_part(folded: Outcome) -> None:
    """Common random numbers: a shock in September leaves every draw of the months before as it was."""
    late = worlds.event("throughput", value=0.1, date=date(2025, 9, 3), until=None)  # a step begins
    told = worlds.licences().model_copy(update={"end": date(2025, 10, 26), "events": (late,)})
    other = ensemble(Chain(force(toy(), told)))
    before = [k for k, label in enumerate(calendar(worlds.short().grid).labels) if label < "2025-09"]
    after = [k for k, label in enumerate(calendar(worlds.short().grid).labels) if label >= "2025-09"]
    for name, values in folded.series.items():
        if name != "residual":
            np.testing.assert_allclose(
                other.series[name][:, before], values[:, before], rtol=1e-5, atol=1e-5, err_msg=name
            )
    granted = folded.series["granted"][:, after].sum(axis=(0, 1)), other.series["granted"][:, after].sum(axis=(0, 1))
    assert np.all(granted[1] <= granted[0])
    assert np.any(granted[1] < granted[0])


def test_other_seeds_are_other_worlds(folded: Outcome) -> None:
    drawn = draw(worlds.short().parameters(), 4, 4)
    assert not np.array_equal(drawn["yield:metal"], draw(worlds.short().parameters(), 3, 4)["yield:metal"])


def test_single_precision_is_the_same_world_less_exactly(folded: Outcome) -> None:
    single = ensemble(replace(worlds.short(), dtype="float32"), draws=13)
    for name in ("exports", "output", "prices"):
        double = folded.series[name]
        # the draws are the same; the paths differ by rounding that the gates may widen
        np.testing.assert_allclose(
            single.series[name], double, rtol=2e-2, atol=1e-2 * float(double.max()), err_msg=name
        )
    assert max(c.residual for c in single.chunks) <= 1e-3
