"""Home to the record of a run: an immutable folder named by the hash of its inputs, its seed and the code that ran.

    runs/<id>/run.json        what was run, on what, by which code; the labels of every axis
    runs/<id>/metrics.zarr    one array per series (row, period, draw) and the line stops (group, draw)

Chunks are written as they finish, into a temporary folder that takes the run's name only when all are there: a run that
is killed, or that fills the disk, leaves nothing behind. A finished run never changes.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from ytterby.run.base import Model
from ytterby.run.draws import CHUNK, enough
from ytterby.run.lines import THRESHOLDS
from ytterby.run.periods import calendar
from ytterby.store import atomic
from ytterby.terms.errors import RunError, UnknownName

if TYPE_CHECKING:
    import xarray as xr

    from ytterby.run.engines.contract import Machines
    from ytterby.run.ensemble import Folded, Progress

LAYOUT = 1
"""Layout of the folder; a run of a later layout is not read."""

TOLERANCE = 1e-9
"""Largest share of an element's flow that the mass balance of a stored run may leave unexplained (float64)."""

ROOMS = ("terms", "evidence", "rules", "world", "run")
"""Rooms whose code decides what a run computes."""


@dataclass(frozen=True)
class Run:
    """A finished run on disk."""

    id: str
    path: Path
    info: Mapping[str, Any]

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return str(self.info["scenario"])

    @property
    def draws(self) -> int:
        """How many worlds were drawn."""
        return int(self.info["draws"])

    @property
    def steps(self) -> int:
        """How many steps each took."""
        return int(self.info["steps"])

    @property
    def mass_residual(self) -> float:
        """Largest share of an element's flow in a step that the balance leaves unexplained."""
        return float(self.info["mass_residual"])

    @property
    def seconds(self) -> float:
        """How long the run took."""
        return float(self.info["seconds"])

    def labels(self, series: str) -> tuple[str, ...]:
        """What the rows of a series are."""
        if series not in self.info["series"]:
            raise UnknownName(series, known=self.info["series"], what="series", place=f"run {self.id}")
        return tuple(self.info["series"][series]["labels"])

    def array(self, series: str) -> NDArray[np.float32]:
        """A series whole: (row, period, draw), or (group, draw) for the line stops."""
        return np.asarray(self._store[series][:])

    @cached_property
    def _store(self) -> Any:
        import zarr

        return zarr.open_group(str(self.path / "metrics.zarr"), mode="r")

    def dataset(self) -> xr.Dataset:
        """The run as an xarray Dataset with labelled axes (lazily read)."""
        import xarray as xr

        data = xr.open_zarr(self.path / "metrics.zarr", consolidated=False)
        labels = {f"{name}_row": list(s["labels"]) for name, s in self.info["series"].items()}
        present = {axis: values for axis, values in labels.items() if axis in data.dims}
        return data.assign_coords(
            period=list(self.info["periods"]), group=[one["id"] for one in self.info["groups"]], **present
        )


def identify(inputs: Mapping[str, Any]) -> str:
    """Twelve hex digits of the hash of what a run is made of, code included."""
    text = json.dumps({**inputs, "code": code()}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def code() -> str:
    """Hash of the source of every room that decides what a run computes."""
    root = Path(str(resources.files("ytterby")))
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def fingerprint(record: Any) -> str:
    """Hash of a frozen record of arrays, tuples and scalars, field by field."""
    digest = hashlib.sha256()
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        digest.update(field.name.encode())
        if isinstance(value, np.ndarray):
            digest.update(str(value.dtype).encode() + np.ascontiguousarray(value).tobytes())
        else:
            digest.update(repr(value).encode())
    return digest.hexdigest()[:16]


def perform(
    model: Model[Any, Any, Any],
    runs: Path,
    inputs: Mapping[str, Any],
    *,
    draws: int,
    seed: int,
    fitted: Mapping[str, NDArray[np.float64]] | None = None,
    about: Mapping[str, Any] | None = None,
    chunk: int = CHUNK,
    machines: Machines | None = None,
    progress: Progress | None = None,
) -> Run:
    """Simulate and keep a run; one that is there already is handed back as it is.

    `inputs` names everything the run is made of (it is hashed into the id), `about` what a reader needs beside it;
    `machines` is where it is simulated, which changes no bit.

    Raises:
        BadValue: fewer than one draw.
        RunError: the mass balance does not close, or a stock went negative.
        StoreError: the disk refused; nothing was kept.
    """
    # Whoever only reads a run does not wake jax.
    from ytterby.run.ensemble import simulate

    enough(draws)
    told = heading(model, inputs, draws=draws, seed=seed, chunk=chunk, about=about)
    identity = str(told["id"])
    path = runs / identity
    if (path / "run.json").exists():
        return _read(path)
    began = time.monotonic()
    with kept(runs, told, chunk) as sink:
        simulate(
            model,
            sink,
            draws=draws,
            seed=seed,
            fitted=fitted,
            chunk=chunk,
            machines=machines,
            progress=progress,
        )
        sink.seconds = time.monotonic() - began
    return _read(path)


def heading(
    model: Model[Any, Any, Any],
    inputs: Mapping[str, Any],
    *,
    draws: int,
    seed: int,
    chunk: int,
    about: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """All that is known of a run before it is simulated, its id among it; see `perform`."""
    laid = calendar(model.grid)
    return {
        "layout": LAYOUT,
        "id": identify({**inputs, "draws": draws, "seed": seed, "chunk": chunk}),
        **inputs,
        **(about or {}),
        "draws": draws,
        "seed": seed,
        "code": code(),
        "start": model.grid.start.isoformat(),
        "steps": model.grid.steps,
        "step_days": model.grid.days,
        "freq": laid.freq,
        "periods": laid.labels,
        "period_starts": laid.starts,
        "complete": laid.complete.tolist(),
        "series": {s.name: dataclasses.asdict(s) for s in model.series()},
    }


@contextmanager
def kept(runs: Path, told: Mapping[str, Any], chunk: int) -> Iterator[Sink]:
    """Keeps what is written to the sink as the run that `told` heads, once the block ends and the masses close.

    Raises:
        RunError: the mass balance does not close, or a stock went negative.
        StoreError: the disk refused; nothing was kept.
    """
    with atomic.folder(runs / str(told["id"])) as work:
        sink = Sink(work, told, chunk)
        yield sink
        sink.check(str(told.get("dtype", "float64")), str(told["id"]))
        info = {
            **told,
            "mass_residual": sink.residual,
            "lowest": sink.lowest,
            "seconds": round(sink.seconds, 3),
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        (work / "run.json").write_text(as_json(info), encoding="utf-8")


def as_json(info: Mapping[str, Any]) -> str:
    """A run's record as it is written."""
    return json.dumps(info, ensure_ascii=False, default=str, indent=1)


ENDS = (*(f"first_{k}" for k in THRESHOLDS), *(f"days_{k}" for k in THRESHOLDS), "recovered", "missed")
"""Arrays of the line stops, (group, draw) each."""


def ends_of(folded: Folded) -> dict[str, NDArray[np.float32]]:
    """The line stops of a chunk by the names under which they are kept."""
    made = {f"first_{key}": folded.lines.first[key] for key in THRESHOLDS}
    made |= {f"days_{key}": folded.lines.days[key] for key in THRESHOLDS}
    return made | {"recovered": folded.lines.recovered, "missed": folded.lines.lost}


@final
class Sink:
    """Writes chunks into Zarr arrays as they come."""

    def __init__(self, work: Path, told: Mapping[str, Any], chunk: int) -> None:
        import zarr

        self.residual, self.lowest, self.seconds = 0.0, 0.0, 0.0
        # zarr types the members of a group as arrays or groups; all of ours are arrays
        self.group: Any = zarr.open_group(str(work / "metrics.zarr"), mode="w")
        periods, draws = len(told["periods"]), int(told["draws"])
        for name, series in told["series"].items():
            rows = len(series["labels"])
            self.group.create_array(
                name,
                shape=(rows, periods, draws),
                chunks=(max(1, rows), max(1, periods), min(chunk, draws)),
                dtype="float32",
                dimension_names=(f"{name}_row", "period", "draw"),
                attributes={key: series[key] for key in ("unit", "kind", "description")},
            )
        groups = len(told["series"]["demand"]["labels"])
        for name in ENDS:
            self.group.create_array(
                name,
                shape=(groups, draws),
                chunks=(max(1, groups), min(chunk, draws)),
                dtype="float32",
                dimension_names=("group", "draw"),
            )

    def write(self, folded: Folded) -> None:
        """Keep one chunk in its place."""
        self.put(folded.first, folded.last, folded.series, ends_of(folded), folded.residual, folded.lowest)

    def put(
        self,
        first: int,
        last: int,
        series: Mapping[str, NDArray[np.float32]],
        ends: Mapping[str, NDArray[np.float32]],
        residual: float,
        lowest: float,
    ) -> None:
        """Keep the draws from `first` to `last` (not included): `series` (row, period, draw), `ends` (group, draw)."""
        part = slice(first, last)
        for name, values in series.items():
            self.group[name][:, :, part] = values
        for name, values in ends.items():
            self.group[name][:, part] = values
        self.residual = max(self.residual, residual)
        self.lowest = min(self.lowest, lowest)

    def check(self, dtype: str, identity: str) -> None:
        """Refuse a run whose mass does not close or whose stocks went negative."""
        tolerance = TOLERANCE if dtype == "float64" else 1e-3
        if not self.residual <= tolerance:
            raise RunError(
                f"mass does not close: {self.residual:.2g} of an element's flow is unexplained (at most {tolerance:g})",
                place=f"run {identity}",
                remedy="this is a fault of the model, not of your input: please report it with the scenario",
            )
        if self.lowest < 0.0:
            raise RunError(
                f"a stock went negative ({self.lowest:.3g})", place=f"run {identity}", remedy="please report it"
            )


def _read(path: Path) -> Run:
    try:
        info = json.loads((path / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(
            "the run's record cannot be read", place=str(path), remedy="delete the folder and run again"
        ) from error
    if info.get("layout") != LAYOUT:
        raise RunError(f"the run has layout {info.get('layout')}, not {LAYOUT}", place=str(path), remedy="run it again")
    return Run(info["id"], path, info)


def listing(runs: Path) -> list[dict[str, Any]]:
    """What is kept in a folder of runs, newest first: id, scenario, created, seed, draws, path."""
    found = []
    for path in runs.glob("*/run.json"):
        run = _read(path.parent)
        fields = ("scenario", "created", "seed", "draws", "seconds")
        found.append({"id": run.id, **{key: run.info.get(key) for key in fields}, "path": str(run.path)})
    return sorted(found, key=lambda row: str(row["created"]), reverse=True)


def load(runs: Path, name: str) -> Run:
    """A kept run by its id, the start of it, a scenario's name (its newest run) or ``latest``.

    Raises:
        UnknownName: no such run, or a start that fits several.
    """
    rows = listing(runs)
    if name == "latest" and rows:
        return _read(Path(rows[0]["path"]))
    fits = [row for row in rows if row["id"].startswith(name)] if name else []
    if len(fits) != 1:
        fits = [row for row in rows if row["scenario"] == name][:1] or fits
    if len(fits) != 1:
        known = [*(row["id"] for row in rows), *dict.fromkeys(str(row["scenario"]) for row in rows)]
        raise UnknownName(name, known=known, what="run", place=str(runs))
    return _read(Path(fits[0]["path"]))
