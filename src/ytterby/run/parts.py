"""Home to parts of a run: some of its chunks, simulated by themselves and merged into the very run they are part of.

    parts/<run id>/2-of-4/part.json     what the run is made of, which draws are here, and what they were made with
    parts/<run id>/2-of-4/<first>.npz   one file for each chunk of draws

Nothing but the chunks' own draws goes into a chunk, so a run put together from parts has the id and the bits of the run
made in one go. A part is written once, whole or not at all.
"""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ytterby.run import record
from ytterby.run.base import Model
from ytterby.run.draws import CHUNK, edges, enough
from ytterby.store import atomic
from ytterby.terms.errors import BadValue, InputError, RunError

if TYPE_CHECKING:
    from ytterby.run.engines.contract import Machines
    from ytterby.run.ensemble import Folded, Progress

LIBRARIES = ("jax", "jaxlib", "numpy", "scipy")
"""What computes, beside our own code."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part on disk."""

    path: Path
    info: Mapping[str, Any]

    @property
    def run(self) -> str:
        """Id of the run it is part of."""
        return str(self.info["run"]["id"])

    @property
    def which(self) -> str:
        """As ``2/4``."""
        return f"{self.info['part']}/{self.info['of']}"

    @property
    def edges(self) -> list[tuple[int, int]]:
        """First draw and end of each chunk that is here."""
        return [(int(first), int(last)) for first, last in self.info["chunks"]]


def chunks_of(part: int, of: int, draws: int, chunk: int) -> range:
    """Which chunks of a run belong to part `part` (from 1) of `of`; parts differ by one chunk at most.

    Raises:
        BadValue: there is no such part, or there are more parts than chunks.
    """
    whole = -(-draws // chunk)
    if not 1 <= part <= of:
        raise BadValue(f"there is no part {part} of {of}", place="chunk", remedy=f"give 1/{of} to {of}/{of}")
    if of > whole:
        raise BadValue(
            f"{draws:,} draws are {whole} chunks of {chunk}, too few for {of} parts",
            place="chunk",
            remedy=f"give at most {whole} parts, or more draws",
        )
    return range(whole * (part - 1) // of, whole * part // of)


def perform(
    model: Model[Any, Any, Any],
    parts: Path,
    inputs: Mapping[str, Any],
    which: tuple[int, int],
    *,
    draws: int,
    seed: int,
    fitted: Mapping[str, NDArray[np.float64]] | None = None,
    about: Mapping[str, Any] | None = None,
    chunk: int = CHUNK,
    machines: Machines | None = None,
    progress: Progress | None = None,
) -> Part:
    """Simulate part `which` (part, of) of the run that `record.perform` would make, and keep it under `parts`.

    A part that is there already is handed back as it is.

    Raises:
        BadValue: fewer than one draw, or no such part.
        StoreError: the disk refused; nothing was kept.
    """
    from ytterby.run.ensemble import simulate

    enough(draws)
    only = chunks_of(*which, draws, chunk)
    told = record.heading(model, inputs, draws=draws, seed=seed, chunk=chunk, about=about)
    path = parts / str(told["id"]) / f"{which[0]}-of-{which[1]}"
    if (path / "part.json").exists():
        return read(path)
    began = time.monotonic()
    with atomic.folder(path) as work:
        simulate(
            model,
            _Folder(work),
            draws=draws,
            seed=seed,
            fitted=fitted,
            chunk=chunk,
            machines=machines,
            only=only,
            progress=progress,
        )
        info = {
            "run": told,
            "part": which[0],
            "of": which[1],
            "chunk": chunk,
            "chunks": edges(draws, chunk)[only.start : only.stop],
            "made_with": {name: version(name) for name in LIBRARIES},
            "seconds": round(time.monotonic() - began, 3),
        }
        (work / "part.json").write_text(record.as_json(info), encoding="utf-8")
    return read(path)


class _Folder:
    """Writes each chunk into a file of its own."""

    def __init__(self, work: Path) -> None:
        self.work = work

    def write(self, folded: Folded) -> None:
        """Keep one chunk."""
        arrays = {f"series:{name}": values for name, values in folded.series.items()}
        arrays |= {f"ends:{name}": values for name, values in record.ends_of(folded).items()}
        checks = np.array([folded.residual, folded.lowest])
        # numpy's stubs take the names of arrays for options of its own
        np.savez(self.work / f"{folded.first}.npz", checks=checks, **arrays)  # type: ignore[arg-type]


def read(path: Path) -> Part:
    """A part by its folder.

    Raises:
        InputError: there is no part there, or it cannot be read.
    """
    try:
        info = json.loads((path / "part.json").read_text(encoding="utf-8"))
        part = Part(path, info)
        assert info["run"]["layout"] == record.LAYOUT
        assert part.edges
    except (OSError, ValueError, KeyError, TypeError, AssertionError) as error:
        raise InputError(
            "this is no part of a run",
            place=str(path),
            remedy="give folders that 'ytterby run SCENARIO --chunk i/n' wrote, or the folder they lie in",
        ) from error
    return part


def found(paths: Sequence[Path]) -> list[Part]:
    """The parts at `paths`, each a part or a folder of parts.

    Raises:
        InputError: one of them is neither.
    """
    made = []
    for path in paths:
        inside = sorted(one.parent for one in path.glob("*/part.json"))
        made += [read(one) for one in ([path] if (path / "part.json").exists() or not inside else inside)]
    return made


def merge(paths: Sequence[Path], runs: Path, progress: Progress | None = None) -> record.Run:
    """Put a run together from all its parts and keep it under `runs`; one that is there already is handed back.

    Args:
        paths: parts, or folders of parts, in any order.
        runs: the folder of runs.
        progress: called with draws done and draws to do.

    Raises:
        InputError: no part, parts of different runs or made with different code or libraries, chunks missing or given
            twice; each is named.
        RunError: the masses do not close.
        StoreError: the disk refused; nothing was kept.
    """
    parts = found(paths)
    if not parts:
        raise InputError("no part is given", place="merge", remedy="ytterby run SCENARIO --chunk 1/2, then --chunk 2/2")
    first = parts[0]
    for other in parts[1:]:
        _alike(first, other)
    ordered = _whole(parts)
    told = first.info["run"]
    if (runs / first.run / "run.json").exists():
        return record.load(runs, first.run)
    with record.kept(runs, told, int(first.info["chunk"])) as sink:
        for start, end, part in ordered:
            _put(sink, part, start, end)
            if progress:
                progress(end, int(told["draws"]))
        sink.seconds = sum(float(part.info["seconds"]) for part in parts)
    return record.load(runs, first.run)


def _put(sink: record.Sink, part: Part, start: int, end: int) -> None:
    path = part.path / f"{start}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            values = {name: arrays[name] for name in arrays.files}
        series = {name.removeprefix("series:"): v for name, v in values.items() if name.startswith("series:")}
        ends = {name.removeprefix("ends:"): v for name, v in values.items() if name.startswith("ends:")}
        assert set(series) == set(part.info["run"]["series"])
        assert set(ends) == set(record.ENDS)
        assert all(v.shape[-1] == end - start for v in (*series.values(), *ends.values()))
        residual, lowest = map(float, values["checks"])
    except (OSError, ValueError, KeyError, AssertionError, EOFError, zipfile.BadZipFile) as error:
        raise RunError(
            f"draws {start + 1:,} to {end:,} cannot be read: the file is damaged or gone",
            place=str(path),
            remedy=f"delete {part.path} and make part {part.which} again",
        ) from error
    sink.put(start, end, series, ends, residual, lowest)


def _alike(one: Part, other: Part) -> None:
    """Refuse two parts of different runs, telling in what they differ."""
    told, others = one.info["run"], other.info["run"]
    # the hashes last: whoever took another seed wants to hear of the seed
    names = ("scenario", "draws", "seed", "dtype", "step_days", "world_known", "levers", "code", "id")
    apart = [name for name in names if told.get(name) != others.get(name)]
    apart += [name for name in told if name not in names and told[name] != others.get(name)]
    if apart:
        name = apart[0] if apart[0] != "id" or len(apart) == 1 else apart[1]
        values = [_short(part.get(name)) for part in (told, others)]
        raise InputError(
            f"the parts are of different runs: {name} is {values[0]} and {values[1]}",
            place=f"{one.path} and {other.path}",
            remedy="merge parts made by the same command with the same code, on the same claims",
        )
    for name, made in one.info["made_with"].items():
        if other.info["made_with"].get(name) != made:
            raise InputError(
                f"the parts were made with {name} {made} and {other.info['made_with'].get(name)}",
                place=f"{one.path} and {other.path}",
                remedy="make them with the same versions: others round otherwise",
            )


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def _whole(parts: Sequence[Part]) -> list[tuple[int, int, Part]]:
    """Every chunk with the part that has it, in order.

    Raises:
        InputError: a chunk is missing or given twice.
    """
    info = parts[0].info
    owner: dict[tuple[int, int], Part] = {}
    for part in parts:
        for edge in part.edges:
            if edge in owner:
                raise InputError(
                    f"draws {edge[0] + 1:,} to {edge[1]:,} are given twice",
                    place=f"{owner[edge].path} and {part.path}",
                    remedy="leave one of the two out",
                )
            owner[edge] = part
    wanted = edges(int(info["run"]["draws"]), int(info["chunk"]))
    missing = [edge for edge in wanted if edge not in owner]
    if missing:
        of = int(info["of"])
        lost = [
            f"{k}/{of}"
            for k in range(1, of + 1)
            if any(wanted[n] in missing for n in chunks_of(k, of, int(info["run"]["draws"]), int(info["chunk"])))
        ]
        raise InputError(
            f"{sum(b - a for a, b in missing):,} of {int(info['run']['draws']):,} draws are missing: "
            f"{_ranges(missing)} (chunk {', '.join(lost)})",
            place=f"run {parts[0].run}",
            remedy=f"make them with --chunk {lost[0]}, and give all parts",
        )
    return [(*edge, owner[edge]) for edge in wanted]


def _ranges(edges: Sequence[tuple[int, int]]) -> str:
    """Neighbouring edges told as one: draws counted from 1."""
    joined: list[list[int]] = []
    for first, last in edges:
        if joined and joined[-1][1] == first:
            joined[-1][1] = last
        else:
            joined.append([first, last])
    return ", ".join(f"{first + 1:,} to {last:,}" for first, last in joined)
