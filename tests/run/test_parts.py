"""Parts of a run put together are the run: same id, same bits; what does not fit together is refused by name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from puddle import ABOUT, Puddle

from ytterby.run import parts, record
from ytterby.run.draws import edges
from ytterby.terms.errors import BadValue, InputError, RunError

INPUTS = {"model": "puddle", "scenario": "wet", "dtype": "float64"}
GIVEN: dict[str, Any] = {"draws": 13, "seed": 1, "chunk": 3, "about": ABOUT}


def make(folder: Path, part: int, of: int, model: Puddle | None = None, **given: Any) -> parts.Part:
    told = {"inputs": INPUTS, **GIVEN, **given}
    return parts.perform(model or Puddle(), folder, told.pop("inputs"), (part, of), **told)


def content(run: record.Run) -> dict[str, bytes]:
    """Every file of a run, less the clock's two words."""
    files = {str(p.relative_to(run.path)): p.read_bytes() for p in run.path.rglob("*") if p.is_file()}
    told = json.loads(files.pop("run.json"))
    del told["seconds"], told["created"]
    return {**files, "run.json": json.dumps(told).encode()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> record.Run:
    return record.perform(Puddle(), tmp_path_factory.mktemp("whole"), INPUTS, **GIVEN)


@pytest.mark.parametrize("of", [1, 2, 5])
def test_merged_parts_are_the_run_bit_for_bit(tmp_path: Path, whole: record.Run, of: int) -> None:
    made = [make(tmp_path / "parts", k, of) for k in range(of, 0, -1)]
    assert {part.run for part in made} == {whole.id}
    said: list[tuple[int, int]] = []
    merged = parts.merge([part.path for part in made], tmp_path / "runs", lambda *told: said.append(told))
    assert merged.id == whole.id
    assert content(merged) == content(whole)
    assert list(merged.info) == list(whole.info)
    assert said[-1] == (13, 13)
    again = parts.merge([tmp_path / "parts" / whole.id], tmp_path / "runs")
    assert again.path == merged.path


def test_a_part_is_made_once(tmp_path: Path) -> None:
    first = make(tmp_path, 1, 2)
    stamp = (first.path / "part.json").stat().st_mtime_ns
    assert make(tmp_path, 1, 2).info == first.info
    assert (first.path / "part.json").stat().st_mtime_ns == stamp


@given(st.integers(1, 3000), st.integers(1, 64), st.data())
def test_parts_share_out_every_chunk_once(draws: int, chunk: int, data: st.DataObject) -> None:
    count = len(edges(draws, chunk))
    of = data.draw(st.integers(1, count))
    shared = [parts.chunks_of(k, of, draws, chunk) for k in range(1, of + 1)]
    assert [n for one in shared for n in one] == list(range(count))
    sizes = {len(one) for one in shared}
    assert min(sizes) >= 1
    assert max(sizes) - min(sizes) <= 1


def test_missing_draws_are_named(tmp_path: Path) -> None:
    make(tmp_path, 1, 5)
    make(tmp_path, 4, 5)
    with pytest.raises(InputError) as error:
        parts.merge(list((tmp_path).iterdir()), tmp_path / "runs")
    assert "draws are missing: 4 to 9, 13 to 13 (chunk 2/5, 3/5, 5/5)" in error.value.cause
    assert "--chunk 2/5" in error.value.remedy
    assert not (tmp_path / "runs").exists()


def test_a_double_is_named(tmp_path: Path) -> None:
    one = make(tmp_path / "a", 1, 2)
    with pytest.raises(InputError, match="draws 1 to 3 are given twice"):
        parts.merge([one.path, make(tmp_path / "b", 1, 2).path, make(tmp_path / "b", 2, 2).path], tmp_path)
    # other shares of the same run may fit together, if no draw is there twice
    with pytest.raises(InputError, match="draws 7 to 9 are given twice"):
        parts.merge([one.path, make(tmp_path / "b", 3, 5).path, make(tmp_path / "b", 2, 2).path], tmp_path)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"seed": 2}, "seed is 1 and 2"),
        ({"draws": 14}, "draws is 13 and 14"),
        ({"inputs": {**INPUTS, "scenario": "dry"}}, "scenario is"),
        ({"inputs": {**INPUTS, "claims": "other"}}, "different runs"),
    ],
)
def test_parts_of_different_runs_are_refused(tmp_path: Path, change: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word):
        parts.merge([make(tmp_path, 1, 2).path, make(tmp_path, 2, 2, **change).path], tmp_path / "runs")


def test_other_code_or_libraries_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = make(tmp_path, 1, 2)
    other = make(tmp_path, 2, 2)
    told = json.loads((other.path / "part.json").read_text())
    told["made_with"]["jax"] = "0.0.1"
    (other.path / "part.json").write_text(json.dumps(told))
    with pytest.raises(InputError, match=r"jax \S+ and 0\.0\.1"):
        parts.merge([one.path, other.path], tmp_path / "runs")
    monkeypatch.setattr(record, "code", lambda: "another")
    with pytest.raises(InputError, match="code is"):
        parts.merge([one.path, make(tmp_path, 2, 2).path], tmp_path / "runs")


def test_damage_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    one, two = make(tmp_path / "parts", 1, 2), make(tmp_path / "parts", 2, 2)
    file = two.path / "9.npz"
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(RunError, match="draws 10 to 12 cannot be read") as error:
        parts.merge([one.path, two.path], tmp_path / "runs")
    assert "part 2/2" in error.value.remedy
    assert not any((tmp_path / "runs").iterdir())


def test_a_leak_in_one_part_refuses_the_run(tmp_path: Path) -> None:
    made = [make(tmp_path / "parts", k, 2, Puddle(leak=1e-6)) for k in (1, 2)]
    with pytest.raises(RunError, match="mass does not close"):
        parts.merge([part.path for part in made], tmp_path / "runs")


def test_a_killed_part_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = parts._Folder.write

    def die(self: Any, folded: Any) -> None:
        write(self, folded)
        raise KeyboardInterrupt

    monkeypatch.setattr(parts._Folder, "write", die)
    with pytest.raises(KeyboardInterrupt):
        make(tmp_path, 1, 2)
    assert [p for one in tmp_path.iterdir() for p in one.iterdir()] == []


def test_nice_errors(tmp_path: Path) -> None:
    for part, of, word in ((0, 2, "no part 0 of 2"), (3, 2, "no part 3"), (1, 6, "too few for 6 parts")):
        with pytest.raises(BadValue, match=word):
            make(tmp_path, part, of)
    with pytest.raises(BadValue, match="0 draws"):
        make(tmp_path, 1, 1, draws=0)
    with pytest.raises(InputError, match="no part is given"):
        parts.merge([], tmp_path)
    with pytest.raises(InputError, match="this is no part of a run"):
        parts.merge([tmp_path / "nowhere"], tmp_path)
    broken = tmp_path / "broken"
    shutil.copytree(make(tmp_path, 1, 1).path, broken)
    (broken / "part.json").write_text("{}")
    with pytest.raises(InputError, match="this is no part of a run"):
        parts.merge([broken], tmp_path)
