"""Home to trials: many scenarios on one network and the same draws, kept in memory.

A decision compares scenarios that differ in an event's value, a licence regime or a lever. They share their draws by
name (see `draws`), so differences between trials are free of chance; and trials whose laws and events touch the same
rows share one compilation, whatever the events' values and days are.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ytterby.rules.clauses import Instrument
from ytterby.run import fits
from ytterby.run.base import Grid
from ytterby.run.chain.forcing import force
from ytterby.run.chain.model import Chain
from ytterby.run.chain.structure import Structure
from ytterby.run.draws import CHUNK, draw, enough
from ytterby.run.engines.contract import Machines
from ytterby.run.ensemble import Engine, Folded, Progress, in_chunks
from ytterby.run.fits import Fitted
from ytterby.run.forecast import Precision
from ytterby.run.lines import THRESHOLDS
from ytterby.run.periods import calendar
from ytterby.terms.errors import BadValue, UnknownName
from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario

Singles = NDArray[np.float32]
Frequency: TypeAlias = Literal["month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Trial:
    """What one scenario came to in every draw."""

    scenario: Scenario
    grid: Grid
    controls_after: float
    """Days from the start of the run to the first licence duty, 0 without any."""
    periods: tuple[str, ...]
    starts: tuple[str, ...]
    """First day of each period."""
    labels: Mapping[str, tuple[str, ...]]
    """Series -> what its rows are."""
    series: Mapping[str, Singles]
    """Series -> (row, period, draw): sums of flows, means of levels."""
    first: Mapping[str, Singles]
    """``slow``, ``half`` -> (group, draw) days from the start to the first step below 95 %, 50 %; inf if never."""
    days: Mapping[str, Singles]
    """``slow``, ``half`` -> (group, draw) days spent below."""
    missed: Singles
    """(group, draw) units wanted and not built, largest cumulated gap."""

    def rows(self, series: str, keep: Callable[[str], bool]) -> Singles:
        """The rows of a series whose label `keep` says yes to, (row, period, draw)."""
        if series not in self.labels:
            raise UnknownName(series, known=self.labels, what="series", place=f"trial {self.scenario.id}")
        return self.series[series][[k for k, label in enumerate(self.labels[series]) if keep(label)]]


def trials(
    network: Network,
    scenarios: Sequence[Scenario],
    *,
    draws: int,
    seed: int = 0,
    keep: Collection[str] = ("demand", "output"),
    fitted: Fitted | None = None,
    instruments: Callable[[Scenario], Iterable[Instrument]] | None = None,
    given: Mapping[str, NDArray[np.float64]] | None = None,
    dtype: Precision = "float64",
    freq: Frequency | None = None,
    progress: Progress | None = None,
    machines: Machines | None = None,
    each: Callable[[Trial], None] | None = None,
) -> list[Trial]:
    """Run every scenario for the same `draws` draws of the same seed, in the order given.

    Args:
        network: the world all of them are laid over.
        scenarios: what to try.
        draws: worlds of each.
        seed: of the draws; the same seed gives the draws of a run of that seed.
        keep: the series to keep (`run.chain.observe` names them); memory is (rows x periods x draws) each.
        fitted: posterior of the licensing parameters, as for a forecast.
        instruments: the law of a scenario (None: the package's, as the scenario chooses from it).
        given: values (draw,) that take the place of the drawn ones, by parameter.
        dtype: precision.
        freq: how long the reporting periods are; without it what suits the span (see `periods.frequency`).
        machines: where they are simulated (this machine); it changes no bit.
        progress: called with draws done and draws to do, over all trials.
        each: called with every trial as soon as it is made; none is kept then, and the list is empty.

    Raises:
        BadValue: no scenario or no draw.
        UnknownName: a series nobody observes, or what the network does not have.
    """
    enough(draws)
    if not scenarios:
        raise BadValue("no scenario to try", place="trials", remedy="give at least one")
    engines: dict[str, tuple[Chain, Engine]] = {}
    found = []
    for row, scenario in enumerate(scenarios):
        forced = force(network, scenario, None if instruments is None else tuple(instruments(scenario)))
        model = Chain(forced, dtype=dtype)
        shape = _shape(forced.structure, forced.grid)
        if shape not in engines:
            # what a step does is the same for all trials of one shape, so the first one's is compiled for them all
            engines[shape] = (model, Engine(model, calendar(model.grid, freq)))
        for name in keep:
            if name not in (known := [one.name for one in model.series()]):
                raise UnknownName(name, known=known, what="series", place="trials")
        drawn = draw(forced.parameters, seed, draws)
        if fitted is not None:
            drawn |= fits.values(fitted, forced.parameters, draws)
        drawn |= {name: np.resize(values, draws) for name, values in (given or {}).items() if name in drawn}
        told = None if progress is None else _over(progress, row * draws, len(scenarios) * draws)
        parts = in_chunks(engines[shape][1], drawn, draws, CHUNK, model=model, machines=machines, progress=told)
        made = _trial(scenario, model, list(parts), keep, freq)
        if each is None:
            found.append(made)
        else:
            each(made)
    return found


def _over(progress: Progress, before: int, whole: int) -> Progress:
    return lambda done, _: progress(before + done, whole)


def _trial(
    scenario: Scenario, model: Chain, parts: list[Folded], keep: Collection[str], freq: Frequency | None
) -> Trial:
    labels = {one.name: one.labels for one in model.series()}
    laid = calendar(model.grid, freq)
    return Trial(
        scenario,
        model.grid,
        model.watch_from,
        tuple(laid.labels),
        tuple(laid.starts),
        MappingProxyType({name: labels[name] for name in keep}),
        MappingProxyType({name: _joined(part.series[name] for part in parts) for name in keep}),
        MappingProxyType({key: _joined(part.lines.first[key] for part in parts) for key in THRESHOLDS}),
        MappingProxyType({key: _joined(part.lines.days[key] for part in parts) for key in THRESHOLDS}),
        _joined(part.lines.lost for part in parts),
    )


def _joined(parts: Iterable[Singles]) -> Singles:
    return np.concatenate(list(parts), axis=-1)


def _shape(structure: Structure, grid: Grid) -> str:
    """Hash of what an engine is made for: the rows that the law and the events touch, and the steps."""
    digest = hashlib.sha256(f"{grid!r}|{structure.requisitions}|{structure.offtakes}|{structure.gates!r}".encode())
    for field in dataclasses.fields(structure):
        value = getattr(structure, field.name)
        for array in value if isinstance(value, tuple) else (value,):
            if isinstance(array, np.ndarray):
                digest.update(
                    f"{field.name}|{array.shape}|{array.dtype}".encode() + np.ascontiguousarray(array).tobytes()
                )
    return digest.hexdigest()
