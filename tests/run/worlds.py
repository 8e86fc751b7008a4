"""Home to the worlds of the tests: the toy under scenarios, compiled once and driven with forcings made by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from toy import toy

from ytterby.run.chain.forcing import force
from ytterby.run.chain.model import Chain
from ytterby.run.chain.state import Constants, Forcing, State
from ytterby.run.draws import draw
from ytterby.run.ensemble import Folded, simulate
from ytterby.world import scenarios
from ytterby.world.network import Network
from ytterby.world.scenarios import Event, Scenario

DRAWS, STEPS = 4, 40


@cache
def licences() -> Scenario:
    """The licences of April 2025 on the toy: without the events and destinations of the real world."""
    told = scenarios.load("april-2025")
    licensing = told.licensing.model_copy(update={"destination_speed": {}})
    return told.model_copy(update={"events": (), "levers": (), "licensing": licensing, "demand": ()})


def event(kind: str, name: str = "", **fields: Any) -> Event:
    """An event of 2025, from March to June unless said otherwise."""
    given = {"date": date(2025, 3, 3), "until": date(2025, 6, 29), **fields}
    return Event(name=name or kind.replace("_", "-"), kind=kind, **given)  # type: ignore[arg-type]


SHOCKS = (
    event("supply_loss", facility="mine_cn", value=0.4),
    event("border", region="US", value=0.5),
    event("reroute", region="US", value=1.7),
    event("requisition"),
    event("tech_control", value=0.8),
    event("stockpile_buy", region="CN", material="metal.NdPr", value=1.5),
    event(
        "stockpile_buy",
        "stockpile-sale",
        date=date(2025, 7, 1),
        until=None,
        region="CN",
        material="metal.NdPr",
        value=-1.0,
    ),
    event("price_floor", material="oxide.Dy", zone="", value=300.0),
    event("investment", region="US", value=5e7),
    event("general_licence", value=0.3),
    event("review_speed", region="US", value=2.0),
    event("throughput", value=0.5),
    event("grant", region="US", end_use="military", value=0.5),
    event("demand", product="car", value=1.2),
    event("facility_start", facility="mag_us", value=60.0),
    event("offtake", region="US", value=0.6),
    event("stockpile_buy", "magnets-bought", region="CN", material="magnet.UH", value=2.0),
    event("stockpile_release", region="US", material="metal.NdPr", value=0.4),
    event("stockpile_release", "magnets-for-the-us", region="US", material="magnet.UH", value=0.5),
    event("stockpile_release", "magnets-for-china", region="CN", material="magnet.UH", value=0.3),
)


def shocked() -> Scenario:
    """The licences and one event of every kind that the toy can suffer."""
    return licences().model_copy(update={"events": SHOCKS})


@dataclass(frozen=True)
class World:
    """A chain with its compiled step and its compiled scan."""

    chain: Chain
    draws: int = DRAWS
    seed: int = 0

    @cached_property
    def inputs(self) -> Any:
        drawn = draw(self.chain.parameters(), self.seed, self.draws)
        return self.chain.inputs(drawn)

    @property
    def network(self) -> Network:
        return self.chain.forced.structure.network

    @property
    def constants(self) -> Constants:
        return self.inputs.constants

    @cached_property
    def initial(self) -> State:
        return jax.tree.map(jnp.asarray, self.chain.initial(self.constants))

    def forcing(self, steps: int = STEPS) -> Forcing:
        """The scenario's own forcing of the first steps."""
        return jax.tree.map(lambda a: a[:steps], self.inputs.forcing)

    def calm(self, steps: int = STEPS, **changed: Any) -> Forcing:
        """A forcing without seasons, shocks or controls; `changed` puts a value in the place of whole fields."""
        first = jax.tree.map(lambda a: jnp.repeat(a[:1], steps, axis=0), self.inputs.forcing)
        one, zero = jnp.ones_like, jnp.zeros_like
        f = replace(
            first,
            season=one(first.season),
            rush=zero(first.rush),
            outlook=one(first.outlook),
            licensed=zero(first.licensed),
            same_code=zero(first.same_code),
            refused=zero(first.refused),
            hold=zero(first.hold),
            speed=one(first.speed),
            general=zero(first.general),
            output=one(first.output),
            border=one(first.border),
            lead=one(first.lead),
            floor=jnp.full_like(first.floor, -jnp.inf),
            tech=zero(first.tech),
            requisition=zero(first.requisition),
            offtake=zero(first.offtake),
            stockpile=zero(first.stockpile),
            release=zero(first.release),
            investment=zero(first.investment),
            restock=one(first.restock),
        )
        made = {name: jnp.broadcast_to(jnp.asarray(v, float), getattr(f, name).shape) for name, v in changed.items()}
        return replace(f, **made)

    def licensing(self, **changed: float) -> Constants:
        """The constants with some licensing parameters set, the same in every draw."""
        made = {name: jnp.asarray(np.full(self.draws, value)) for name, value in changed.items()}
        return replace(self.constants, licensing={**self.constants.licensing, **made})

    def behaviour(self, **changed: float) -> Constants:
        """The constants with some behavioural parameters set, the same in every draw."""
        made = {name: jnp.asarray(np.full(self.draws, value)) for name, value in changed.items()}
        return replace(self.constants, behaviour={**self.constants.behaviour, **made})

    @cached_property
    def step(self) -> Any:
        """One compiled step: (constants, state, forcing of the step) to (state, series)."""
        return jax.jit(self.chain.step)

    @cached_property
    def _scan(self) -> Any:
        def body(constants: Any, state: Any, forcing: Any) -> Any:
            def one(s: Any, f: Any) -> Any:
                new, seen = self.chain.step(constants, s, f)
                return new, (new, seen)

            return jax.lax.scan(one, state, forcing)

        return jax.jit(body)

    def run(
        self, forcing: Forcing, constants: Constants | None = None, state: State | None = None
    ) -> tuple[State, dict[str, np.ndarray]]:
        """Every state after a step (step first) and every series, as NumPy."""
        _, (states, seen) = self._scan(constants or self.constants, state or self.initial, forcing)
        return jax.tree.map(np.asarray, states), {k: np.asarray(v) for k, v in seen.items()}


@cache
def eventful(width: float = 0.0) -> World:
    """The toy with one event of each kind, so that one compilation serves every test."""
    return World(Chain(force(toy(), shocked()), width=width))


@dataclass(frozen=True)
class Outcome:
    """What an ensemble handed to its sink, put together."""

    chunks: tuple[Folded, ...]

    @property
    def series(self) -> dict[str, np.ndarray]:
        return {k: np.concatenate([c.series[k] for c in self.chunks], axis=-1) for k in self.chunks[0].series}


class Kept:
    """A sink that keeps the chunks."""

    def __init__(self) -> None:
        self.chunks: list[Folded] = []

    def write(self, folded: Folded) -> None:
        self.chunks.append(folded)


@cache
def short() -> Chain:
    """A year of the licences, for the tests that need an ensemble or a record."""
    return Chain(force(toy(), licences().model_copy(update={"end": date(2025, 10, 26)})))


def ensemble(
    chain: Chain | None = None, *, draws: int = 13, seed: int = 3, chunk: int = 4, workers: int = 1
) -> Outcome:
    """A small ensemble of the short scenario."""
    sink = Kept()
    simulate(chain or short(), sink, draws=draws, seed=seed, chunk=chunk, workers=workers)
    return Outcome(tuple(sorted(sink.chunks, key=lambda c: c.first)))


def row(labels: tuple[str, ...], name: str) -> int:
    """The row of a label."""
    return labels.index(name)


def step_of(states: Any, index: int) -> Any:
    """One step of a stacked record."""
    return jax.tree.map(lambda a: a[index], states)
