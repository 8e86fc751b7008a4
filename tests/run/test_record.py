from __future__ import annotations

import errno
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr
from puddle import ABOUT, Puddle, rain

from ytterby.run import ensemble, record
from ytterby.run.lines import THRESHOLDS
from ytterby.run.periods import calendar
from ytterby.terms.errors import RunError, StoreError, UnknownName

INPUTS = {"model": "puddle", "scenario": "wet", "dtype": "float64"}


def perform(runs: Path, model: Puddle | None = None, **given: Any) -> record.Run:
    told = {"draws": 9, "seed": 1, "chunk": 4, "about": ABOUT, "inputs": INPUTS, **given}
    inputs = told.pop("inputs")
    return record.perform(model or Puddle(), runs, inputs, **told)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> record.Run:
    return perform(tmp_path_factory.mktemp("project") / "runs")


def left(runs: Path) -> list[str]:
    return sorted(p.name for p in runs.iterdir()) if runs.exists() else []


def test_a_run_tells_what_it_is_made_of(run: record.Run) -> None:
    told = json.loads((run.path / "run.json").read_text())
    assert told["id"] == run.id == run.path.name
    assert (run.scenario, run.draws, run.steps) == ("wet", 9, 40)
    assert told["seed"] == 1
    assert told["code"] == record.code()
    assert told["periods"] == list(calendar(Puddle().grid).labels)
    assert told["mass_residual"] == run.mass_residual == 0.0
    assert run.seconds >= 0.0
    assert run.labels("mined") == ("Nd", "Dy")


def test_what_is_kept_is_what_was_computed(run: record.Run) -> None:
    flow = calendar(Puddle().grid).share.T @ np.arange(1.0, 41.0)
    np.testing.assert_allclose(run.array("exports")[2], 3 * flow[:, None] * rain(9, 1), rtol=1e-6)
    for key in THRESHOLDS:
        # the second product slows, and half stops, on day 70
        np.testing.assert_array_equal(run.array(f"first_{key}")[1], 70.0)
        assert np.all(np.isinf(run.array(f"first_{key}")[0]))
    assert np.all(run.array("missed")[1] > 0)


def test_a_dataset_has_labelled_axes(run: record.Run) -> None:
    data = run.dataset()
    assert data["exports"].dims == ("exports_row", "period", "draw")
    assert data["exports"].attrs["unit"] == "t"
    picked = data["exports"].sel(exports_row="DE|magnet.N", period="2025-03")
    labels = run.labels("exports")
    np.testing.assert_array_equal(picked, run.array("exports")[labels.index("DE|magnet.N"), 2])


def test_the_id_changes_with_every_input(run: record.Run, tmp_path: Path) -> None:
    others = [
        perform(tmp_path, seed=2),
        perform(tmp_path, draws=10),
        perform(tmp_path, chunk=3),
        *(
            perform(tmp_path, inputs={**INPUTS, key: value})
            for key, value in (("scenario", "dry"), ("fit", "a1"), ("dtype", "x64"))
        ),
    ]
    ids = {run.id, *(other.id for other in others)}
    assert len(ids) == 1 + len(others)
    assert perform(tmp_path).id == run.id, "and with nothing else"


def test_the_id_changes_with_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    before = record.identify(INPUTS)
    assert record.identify(dict(reversed(INPUTS.items()))) == before
    monkeypatch.setattr(record, "code", lambda: "another")
    assert record.identify(INPUTS) != before


def test_fingerprints_see_every_entry() -> None:
    from toy import toy

    n = toy()
    lead = n.link_lead.copy()
    lead[3] += 1e-12
    prints = {record.fingerprint(x) for x in (n, replace(n, link_lead=lead), replace(n, known="2026-11-20"))}
    assert len(prints) == 3
    assert record.fingerprint(toy()) == record.fingerprint(n)


def test_a_finished_run_is_handed_back_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = perform(tmp_path)
    stamp = (first.path / "run.json").stat().st_mtime_ns
    monkeypatch.setattr(ensemble, "simulate", lambda *_, **__: pytest.fail("it was run again"))
    again = perform(tmp_path)
    assert again.info == first.info
    assert (again.path / "run.json").stat().st_mtime_ns == stamp


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), RuntimeError("killed"), MemoryError()])
def test_a_run_that_is_killed_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    write = record.Sink.write

    def die(self: Any, folded: Any) -> None:
        write(self, folded)
        if folded.first:
            raise fault

    monkeypatch.setattr(record.Sink, "write", die)
    with pytest.raises(type(fault)):
        perform(tmp_path / "runs")
    assert left(tmp_path / "runs") == []
    monkeypatch.undo()
    assert perform(tmp_path / "runs").draws == 9


def test_a_full_disk_leaves_nothing_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Any, *_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zarr.Array, "__setitem__", full)
    with pytest.raises(StoreError, match="the disk is full") as caught:
        perform(tmp_path / "runs")
    assert caught.value.remedy
    assert "runs" in caught.value.place
    assert left(tmp_path / "runs") == []


def test_a_disk_that_fills_while_the_record_is_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, *_: Any, **__: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(StoreError, match="the disk is full"):
        perform(tmp_path / "runs")
    assert left(tmp_path / "runs") == []


def test_a_run_whose_mass_does_not_close_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="mass does not close"):
        perform(tmp_path / "runs", Puddle(leak=1e-8))
    assert left(tmp_path / "runs") == []
    assert perform(tmp_path / "runs", Puddle(leak=1e-10)).mass_residual > 0.0
    # single precision cannot do better than its digits
    assert perform(tmp_path / "runs", Puddle(leak=1e-8), inputs={**INPUTS, "dtype": "float32"}).draws == 9


def test_a_run_with_a_negative_stock_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="negative"):
        perform(tmp_path / "runs", Puddle(drain=100.0))
    assert left(tmp_path / "runs") == []


def test_runs_are_found_by_id_start_scenario_and_age(tmp_path: Path) -> None:
    old = perform(tmp_path)
    dry = perform(tmp_path, inputs={**INPUTS, "scenario": "dry"})
    for k, one in enumerate((old, dry)):
        told = {**one.info, "created": f"2026-11-2{k}T00:00:00+00:00"}
        (one.path / "run.json").write_text(json.dumps(told))
    assert record.load(tmp_path, old.id).id == old.id
    assert record.load(tmp_path, old.id[:6]).id == old.id
    assert record.load(tmp_path, "wet").id == old.id
    assert record.load(tmp_path, "latest").id == dry.id
    assert [row["scenario"] for row in record.listing(tmp_path)] == ["dry", "wet"]
    with pytest.raises(UnknownName, match="wett") as caught:
        record.load(tmp_path, "wett")
    assert "wet" in caught.value.remedy


def test_a_record_that_is_cut_or_of_another_layout_is_told(tmp_path: Path) -> None:
    one = perform(tmp_path)
    whole = (one.path / "run.json").read_text()
    (one.path / "run.json").write_text(whole[: len(whole) // 2])
    with pytest.raises(RunError, match="cannot be read") as caught:
        record.load(tmp_path, one.id)
    assert caught.value.remedy
    (one.path / "run.json").write_text(json.dumps({**json.loads(whole), "layout": 99}))
    with pytest.raises(RunError, match="layout 99"):
        record.load(tmp_path, one.id)
    shutil.rmtree(one.path)
    assert record.listing(tmp_path) == []


def test_an_unknown_series_is_told(run: record.Run) -> None:
    with pytest.raises(UnknownName, match="exprts"):
        run.labels("exprts")
