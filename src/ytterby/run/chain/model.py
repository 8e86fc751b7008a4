"""Home to the chain model: one step of the rare-earth chain, from demand to scrap (equations in `docs/model.md`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, final

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from ytterby.run.base import Grid, Inputs, Model, Series
from ytterby.run.chain import capacity, demand, gate, orders, prices, production, releasing, shipping, use
from ytterby.run.chain.forcing import Forced
from ytterby.run.chain.observe import observe, series_of
from ytterby.run.chain.state import Constants, Forcing, State, in_all_stages
from ytterby.run.chain.structure import Structure
from ytterby.run.draws import Parameter
from ytterby.run.minima import ratio, remainder

SETTLE_DAYS = 182.0

KEPT = ("ramp", "added", "building", "log_price", "in_use", "stockpile", "review", "allowance", "arrears", "used_to")
"""What settling leaves as it was."""


@final
@dataclass(frozen=True)
class Chain(Model[Constants, State, Forcing]):
    """The rare-earth chain on a network under a scenario.

    `forced` turns drawn parameters into constants and forcing; `width` 0 keeps hard minima, a positive one makes them
    smooth (see `run.minima`).
    """

    forced: Forced
    width: float = 0.0
    dtype: str = "float64"
    in_full: bool = False
    """Whether every activity and link is observed too, for `traffic`."""

    @cached_property
    def structure(self) -> Structure:
        """Index arrays of the network, its numbers in the run's precision."""
        return self.forced.structure if self.dtype == "float64" else self.forced.structure.single()

    @property
    def grid(self) -> Grid:
        return self.forced.grid

    @property
    def precision(self) -> str:
        return self.dtype

    @property
    def watch_from(self) -> float:
        """The day the controls start; the first day where there are none."""
        return self.forced.controls_after

    def parameters(self) -> tuple[Parameter, ...]:
        return self.forced.parameters

    def inputs(self, drawn: Mapping[str, NDArray[np.float64]]) -> Inputs[Constants, Forcing]:
        made = self.forced.inputs(drawn)
        cast = lambda a: jnp.asarray(a, dtype=self.dtype)  # noqa: E731
        return Inputs(jax.tree.map(cast, made.constants), jax.tree.map(cast, made.forcing))

    def initial(self, constants: Constants) -> State:
        state = constants.initial
        return replace(state, mass=mass(self.structure, state))

    def settle(self, constants: Constants, state: State, forcing: Forcing, run: Any, steps: int) -> State:
        """Half a year under the first step's demand, so that co-products, drifting shares and stocks find their level.

        Capacity, prices and products in use stay as they were on the first day.
        """
        if not self.settles(forcing):
            return state
        still = jax.tree.map(lambda a: np.repeat(np.asarray(a[:1]), steps, axis=0), forcing)
        for _ in range(max(1, round(SETTLE_DAYS / (steps * self.grid.days)))):
            state, _ = run(constants, state, still)
        return self.settled(constants, state)

    def settles(self, forcing: Forcing) -> bool:
        """Whether a run settles: one that starts under controls starts from the world before them."""
        return not bool(np.any(np.asarray(forcing.licensed[0]) > 0.0))

    def settled(self, constants: Constants, state: State) -> State:
        """The state after settling, with what that leaves as it was."""
        kept = {name: getattr(constants.initial, name) for name in KEPT}
        state = replace(state, **kept)
        return replace(state, mass=mass(self.structure, state))

    def series(self) -> tuple[Series, ...]:
        return series_of(self.structure)

    def step(self, constants: Constants, state: State, forcing: Forcing) -> tuple[State, dict[str, Any]]:
        s, n, dt, width = self.structure, self.structure.network, self.grid.days, self.width
        want = demand.wanted(s, constants, state, forcing)
        building = demand.desired(s, constants, state, want, width)
        planned = production.plan(s, constants, state, building, width)
        ceiling = capacity.available(s, constants, state, forcing)
        yields = capacity.yields(s, constants, state, forcing, width)
        made = production.produce(s, constants, state, planned, ceiling, yields, dt, width)
        smoothing = constants.behaviour["smoothing_days"]
        need = orders.expected(state.expected_use, made.need, smoothing, dt)

        placed = orders.place(s, constants, state, forcing, need, dt, width)
        patience = dt / (dt + constants.licensing["patience_days"])
        backlog = state.backlog * (1.0 - patience) + placed
        passage = gate.passage(s, constants, state, forcing, backlog, dt, width)
        shipped = shipping.allocate(s, state, forcing, made.made, passage.eligible, dt, width)
        backlog = remainder(backlog - shipped.amount, width)
        drawn_down = passage.on_permit * shipped.ratio[s.crossing]
        licensing = gate.license_(s, constants, state, forcing, passage, drawn_down, backlog, dt, width)
        transit, arrived = shipping.travel(s, constants, state, shipped.amount, self._lead_factor(forcing), dt)
        stock_in, stockpile = remainder(state.stock_in - made.used, width) + arrived, shipped.stockpile
        if s.release_events:
            given, stockpile = releasing.give(s, constants, forcing, stockpile, stock_in, need, dt, width)
            stock_in, arrived = stock_in + given, arrived + given

        built = made.run[n.terminal_activity]
        service = use.serve(s, state, built, dt)
        stock_out = shipped.stock_out + service.collected
        mix, supplied = demand.substitute(s, constants, state, building, built, dt, width)
        share, success = orders.drift(s, constants, state, forcing, shipped.amount, passage.ready, dt, width)
        may_ship = placed * ratio(passage.eligible, passage.ready, 1.0, width)
        signal = jax.ops.segment_sum(may_ship, n.link_out, len(n.out_slot_facility)) / dt
        received = prices.receive(s, constants, state, arrived, dt)
        log_price = prices.move(
            s,
            constants,
            state,
            forcing,
            stock_in,
            stock_out,
            shipped.unfilled,
            received,
            prices.openness(s, passage.eligible, passage.ready, width),
            dt,
            width,
        )
        ramp, added, under_way = capacity.grow(s, constants, state, forcing, dt, width)
        new = State(
            stock_in=stock_in,
            stock_out=stock_out,
            stockpile=stockpile,
            unfilled=shipped.unfilled,
            backlog=backlog,
            share=share,
            success=success,
            transit=transit,
            review=licensing.review,
            allowance=licensing.allowance,
            expected_use=need,
            expected_orders=orders.expected(state.expected_orders, signal, smoothing, dt),
            ramp=ramp,
            added=added,
            building=under_way,
            log_price=log_price,
            received=received,
            used_to=prices.habit(state, prices.cut(s, state, received, width), dt),
            mix=mix,
            supplied=supplied,
            arrears=demand.arrears(s, constants, state, want, built, dt, width),
            in_use=service.in_use,
            mass=state.mass,
        )
        new = replace(new, mass=mass(s, new))
        seen = observe(s, state, new, made, shipped, passage, licensing, service, want, yields, dt)
        if self.in_full:
            seen |= {"run": made.run, "yields": yields, "shipped": shipped.amount, "collected": service.collected}
        return new, seen

    def _lead_factor(self, forcing: Forcing) -> Array | float:
        factor: Array | float = 1.0
        for row, mask in enumerate(self.structure.lead_events):
            factor = factor * jnp.where(mask[:, None], forcing.lead[row], 1.0)
        return factor


def mass(structure: Structure, state: State) -> Array:
    """Tonnes of each element in every stock, on every link and in every product in use (element, draw)."""
    n = structure.network
    materials = len(n.materials)
    held = jax.ops.segment_sum(state.stock_in, n.in_slot_material, materials)
    held = held + jax.ops.segment_sum(state.stock_out + state.stockpile, n.out_slot_material, materials)
    held = held + jax.ops.segment_sum(in_all_stages(state.transit), structure.link_material, materials)
    return n.composition.T @ held + structure.product.T @ in_all_stages(state.in_use)
