"""Home to the hand-written twin of the chain's links: what a careful loop in numba makes of the same arrays.

The link part of a step: orders come in, the backlog becomes ready, what a permit covers becomes eligible, each
out-slot's stock is divided among its links, goods pass two stages of transit and arrive, shares drift. `together` is
that part in jax, made of the phases of `run.chain` themselves; `by_hand` is the same in numba, in one thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numba import njit
from numpy.typing import NDArray

from ytterby.run.chain import gate, orders, shipping
from ytterby.run.chain.model import Chain
from ytterby.run.chain.orders import RETURN
from ytterby.run.chain.shipping import STOCKPILE_LIMIT
from ytterby.run.chain.state import TRANSIT_STAGES, Constants, Forcing, State
from ytterby.run.chain.structure import Structure
from ytterby.run.draws import draw

Floats = NDArray[np.float64]

AGREEMENT = 1e-12
"""Largest disagreement, relative to the largest entry of an array, at which the two count as the same model."""


# Without numpy's error model every division is checked, and no loop with one is vectorised.
plain = njit(error_model="numpy")


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Carried:
    """What the link part carries from step to step. Draws last."""

    backlog: Any  # (link, draw)
    share: Any
    success: Any
    transit: Any  # (stage, link, draw)
    stock_in: Any  # (in_slot, draw)
    stock_out: Any  # (out_slot, draw)
    stockpile: Any
    unfilled: Any


@dataclass(frozen=True)
class Links:
    """The link part of a chain at some draws: what it starts from and what each step is given."""

    structure: Structure
    days: float
    constants: Constants
    forcing: Forcing  # step first
    state: State
    order: Floats  # (in_slot, draw) ordered a day, the same in every step
    made: Floats  # (out_slot, draw) made in a step, the same in every step

    @property
    def start(self) -> Carried:
        """The carried part of the state at the start."""
        return Carried(**{f.name: np.array(getattr(self.state, f.name)) for f in fields(Carried)})

    @property
    def steps(self) -> int:
        return int(self.forcing.day.shape[0])

    @property
    def draws(self) -> int:
        return int(self.order.shape[1])


def links_of(model: Chain, draws: int, steps: int, seed: int = 0) -> Links:
    """The link part of the last `steps` steps of a scenario, without the events that touch a border or a lead.

    Permits are what a month of use at the crossings needs, times a number between 0 and 2 of each crossing and draw, so
    that some of them bind.
    """
    structure = replace(model.structure, border_events=(), lead_events=(), requisitions=False, offtakes=False)
    n = structure.network
    inputs = model.inputs(draw(model.parameters(), seed, draws))
    forcing = jax.tree.map(lambda a: np.asarray(a)[-steps:], inputs.forcing)
    state = jax.tree.map(np.asarray, model.initial(inputs.constants))
    use = np.asarray(state.expected_use)
    month = 30.0 * (np.asarray(state.share) * use[n.link_in])[structure.crossing]
    permits = month * np.random.default_rng(seed).uniform(0.0, 2.0, month.shape)
    state = replace(state, allowance=permits)
    made = 0.9 * model.grid.days * np.asarray(state.expected_orders)
    constants = jax.tree.map(np.asarray, inputs.constants)
    return Links(structure, model.grid.days, constants, forcing, state, 1.1 * use, made)


def together(links: Links) -> Callable[[Carried], Carried]:
    """The link part as one jitted scan of the chain's own phases."""
    s, n, dt = links.structure, links.structure.network, links.days
    empty: Any = None

    def step(constants: Any, state: Any, order: Any, made: Any, c: Carried, now: Any) -> tuple[Carried, Any]:
        state = replace(state, **{f.name: getattr(c, f.name) for f in fields(Carried)})
        patience = dt / (dt + constants.licensing["patience_days"])
        backlog = c.backlog * (1.0 - patience) + c.share * order[n.link_in] * dt
        passage = gate.passage(s, constants, state, now, backlog, dt, 0.0)
        shipped = shipping.allocate(s, state, now, made, passage.eligible, dt, 0.0)
        transit, arrived = shipping.travel(s, constants, state, shipped.amount, 1.0, dt)
        share, success = orders.drift(s, constants, state, now, shipped.amount, passage.ready, dt)
        left = jnp.maximum(backlog - shipped.amount, 0.0)
        stocks = (c.stock_in + arrived, shipped.stock_out, shipped.stockpile, shipped.unfilled)
        return Carried(left, share, success, transit, *stocks), empty

    @jax.jit
    def run(constants: Any, state: Any, order: Any, made: Any, forcing: Any, start: Carried) -> Carried:
        return jax.lax.scan(lambda c, now: step(constants, state, order, made, c, now), start, forcing)[0]

    given = jax.tree.map(jnp.asarray, (links.constants, links.state, links.order, links.made, links.forcing))
    return lambda start: jax.block_until_ready(run(*given, start))


def by_hand(links: Links) -> Callable[[Carried], Carried]:
    """The link part in numba. What no step changes (pace of transit, rows of each link) is made once, outside."""
    s, n, c, dt = links.structure, links.structure.network, links.constants, links.days
    crossing = np.full(len(n.link_out), -1)
    crossing[s.crossing] = np.arange(len(s.crossing))
    f, lic = links.forcing, c.licensing
    law = (
        s.crossing_gate,
        s.gate_region,
        np.asarray(f.licensed),
        np.asarray(f.same_code),
        np.asarray(f.refused),
        np.asarray(f.hold),
        np.asarray(f.general),
        lic["leak"] * (1.0 - lic["tracking_strength"]),
        np.asarray(links.state.allowance),
    )
    pace = dt / (dt + np.asarray(c.lead) / TRANSIT_STAGES)
    rows = (n.link_out, n.link_in, crossing, s.link_from_china, n.link_share, n.link_drift * dt)
    scalars = (
        dt / (dt + lic["patience_days"]),
        np.asarray(c.behaviour["handling_days"]),
        dt / (dt + c.behaviour["smoothing_days"]),
    )
    given = (np.asarray(f.season), np.asarray(f.stockpile), links.order, links.made)

    def run(start: Carried) -> Carried:
        new = Carried(**{k.name: np.array(getattr(start, k.name)) for k in fields(Carried)})
        held = (new.backlog, new.share, new.success, new.transit, new.stock_in, new.stock_out, new.stockpile)
        _run(dt, rows, law, scalars, given, pace, held, new.unfilled)
        return new

    return run


@plain
def _run(dt, rows, law, scalars, given, pace, held, unfilled):  # type: ignore[no-untyped-def]
    season, stockpile_asked, order, made = given
    link_out, link_in, crossing, from_china, nominal, drift = rows
    backlog, share, success, transit, stock_in, stock_out, stockpile = held
    links, draws = backlog.shape
    outs, ins = stock_out.shape[0], stock_in.shape[0]
    eligible, ready = np.empty((links, draws)), np.empty((links, draws))
    served, mean = np.empty((outs, draws)), np.empty((ins, draws))
    for t in range(season.shape[0]):
        unfilled[:] = 0.0  # sums what is eligible until `_allocate` turns it into what stays unfilled
        _release(t, dt, season[t], link_out, link_in, crossing, from_china, law, scalars, order, share, backlog,
                 ready, eligible, unfilled)  # fmt: skip
        _allocate(dt, stockpile_asked[t], made, stock_out, stockpile, unfilled, served)
        mean[:] = 0.0
        _ship(link_out, link_in, scalars[2], pace, served, eligible, ready, backlog, transit, share, success, stock_in,
              mean)  # fmt: skip
        _drift(link_in, nominal, drift, success, mean, share)


@plain
def _release(t, dt, season, link_out, link_in, crossing, from_china, law, scalars, order, share, backlog, ready,
             eligible, total):  # type: ignore[no-untyped-def]  # fmt: skip
    patience, handling, _ = scalars
    gates, regions, licensed, same_code, refused, hold, general, evading, allowance = law
    draws = backlog.shape[1]
    packed = np.empty((2, draws))
    for d in range(draws):
        packed[0, d], packed[1, d] = dt / (dt + handling[d]), season * dt / (season * dt + handling[d])
    for k in range(backlog.shape[0]):
        pace = packed[1] if from_china[k] else packed[0]
        asked, kept = order[link_in[k]], backlog[k]
        b, r, e, sums = share[k], ready[k], eligible[k], total[link_out[k]]
        for d in range(draws):
            kept[d] = kept[d] * (1.0 - patience[d]) + b[d] * asked[d] * dt
            r[d] = kept[d] * pace[d]
        c = crossing[k]
        if c < 0:
            for d in range(draws):
                e[d] = r[d]
        else:
            g = gates[c]
            law_, code, free = licensed[t, g], same_code[t, g], 1.0 - refused[t, g]
            covered, permits = general[t, regions[g]], allowance[c]
            for d in range(draws):
                needs = law_ * (1.0 - covered[d]) + (1.0 - law_) * code * hold[t, d]
                bound = needs * (1.0 - evading[d])
                e[d] = (1.0 - bound) * r[d] * free + min(bound * r[d], permits[d]) * free
        for d in range(draws):
            sums[d] += e[d]


@plain
def _allocate(dt, asked, made, stock_out, stockpile, total, served):  # type: ignore[no-untyped-def]
    draws = stock_out.shape[1]
    for o in range(stock_out.shape[0]):
        want = asked[o] * dt
        stock, state, t, s, m = stock_out[o], stockpile[o], total[o], served[o], made[o]
        for d in range(draws):
            have = stock[d] + m[d]
            bought = min(max(want, -state[d]), STOCKPILE_LIMIT * have)
            have -= bought
            state[d] += bought
            ratio = have / (t[d] if t[d] > 0.0 else 1.0)
            s[d] = min(max(ratio, 0.0), 1.0) if t[d] > 0.0 else 1.0
            gone = t[d] * s[d]
            stock[d] = max(have - gone, 0.0)
            t[d] = max(t[d] - gone, 0.0)


@plain
def _ship(link_out, link_in, blend, pace, served, eligible, ready, backlog, transit, share, success, stock_in, mean):  # type: ignore[no-untyped-def]
    draws = backlog.shape[1]
    for k in range(backlog.shape[0]):
        ratio, e, r, b, p = served[link_out[k]], eligible[k], ready[k], backlog[k], pace[k]
        one, two, w, s = transit[0, k], transit[1, k], share[k], success[k]
        arrived, average = stock_in[link_in[k]], mean[link_in[k]]
        for d in range(draws):
            amount = e[d] * ratio[d]
            b[d] = max(b[d] - amount, 0.0)
            inside = one[d] + amount
            moving = inside * p[d]
            one[d] = inside - moving
            inside = two[d] + moving
            moving = inside * p[d]
            two[d] = inside - moving
            arrived[d] += moving
            reached = amount / (r[d] if r[d] > 0.0 else 1.0)
            s[d] += blend[d] * ((reached if r[d] > 0.0 else s[d]) - s[d])
            average[d] += w[d] * s[d]


@plain
def _drift(link_in, nominal, drift, success, mean, share):  # type: ignore[no-untyped-def]
    draws = share.shape[1]
    for k in range(share.shape[0]):
        speed, home = drift[k], nominal[k]
        w, s, average = share[k], success[k], mean[link_in[k]]
        for d in range(draws):
            old = w[d]
            w[d] = old * (1.0 + speed * (s[d] - average[d])) + RETURN * speed * (home - old)


def disagreement(links: Links) -> float:
    """Largest difference between the two over the largest entry of its array, over all arrays after all steps."""
    theirs, ours = together(links)(links.start), by_hand(links)(links.start)
    worst = 0.0
    for f in fields(Carried):
        a, b = np.asarray(getattr(theirs, f.name)), np.asarray(getattr(ours, f.name))
        scale = max(float(np.max(np.abs(b), initial=0.0)), 1e-300)
        worst = max(worst, float(np.max(np.abs(a - b), initial=0.0)) / scale)
    return worst


def bytes_per_step(links: Links) -> int:
    """Bytes that one step of the link part must move at least.

    8 x draws x (11 links + 3 in-slots + 6 out-slots + crossings): each array is read once, and written once where it
    changes; what a step makes and uses up itself counts nothing. A link has backlog, share, success and two stages of
    transit (read and written) and its pace; an in-slot its stock and its orders; an out-slot stock, stockpile, what was
    made and what stays unfilled; a crossing its permits.
    """
    s, n = links.structure, links.structure.network
    rows = 11 * len(n.link_out) + 3 * len(n.in_slot_facility) + 6 * len(n.out_slot_facility) + len(s.crossing)
    return 8 * links.draws * rows
