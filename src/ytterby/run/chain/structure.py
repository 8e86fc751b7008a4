"""Home to the structure of the chain: which rows of which axis belong together, derived once from a Network."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ytterby.run.chain import crossings
from ytterby.world.network import Network

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.floating[Any]]

SINGLE = {"f": np.float32, "i": np.int32}
Tables = TypeVar("Tables", bound=Any)


@dataclass(frozen=True)
class Structure:
    """Index arrays beside those of the network. Axes as in `run.axes`."""

    network: Network
    crossing: Ints  # (crossing,) links that a Chinese licence may stop, those that leave China first
    crossing_leaves: NDArray[np.bool_]  # (crossing,) leaves China
    crossing_gate: Ints  # (crossing,) gate class of each
    gates: tuple[crossings.Key, ...]  # what the rules can tell apart
    gate_region: Ints  # (gate,) destination
    gate_material: Ints  # (gate,)
    gate_military: NDArray[np.bool_]  # (gate,)
    link_material: Ints  # (link,)
    input_is_terminal: NDArray[np.bool_]  # (input,)
    in_slot_group: Ints  # (in_slot,) group whose product it goes into, 0 where none
    in_slot_terminal: NDArray[np.bool_]  # (in_slot,) feeds a final use
    priced: Ints  # (price,) material of each price row
    price_row: Ints  # (material,) row in `priced` or -1
    price_base: Floats  # (price, zone)
    cost_weights: Floats  # (price, zone, price, zone) how costs of inputs pass into a price
    group_weights: Floats  # (group, price, zone) value shares of the inputs of a product
    terminal_weights: Floats  # (terminal, price, zone) the same of each design
    drive_price: Ints  # (facility,) price row of what a facility is run for, -1 none
    export_rows: tuple[tuple[int, int], ...]  # (region, material) of each exports row
    crossing_export: Ints  # (crossing,) row of `export_rows`; one past the last for what did not leave China
    loss: Floats  # (activity, element) tonnes of element lost per unit of activity at nominal yield
    mined: Floats  # (activity, element) tonnes of element brought up per unit of activity
    product: Floats  # (terminal, element) tonnes of element in a unit of product
    kept: Floats  # (activity, element) tonnes of element put out per unit at nominal yield; 0 for mines
    yield_limit: Floats  # (activity,) factor on the outputs beyond which matter would be made
    in_slot_abroad: NDArray[np.bool_]  # (in_slot,) outside China
    link_from_china: NDArray[np.bool_]  # (link,)
    link_leaves_china: NDArray[np.bool_]  # (link,) a crossing
    in_slot_price: Ints  # (in_slot,) row of (price * zone), the last for none
    out_slot_price: Ints  # (out_slot,)
    crossing_price: Ints  # (crossing,) price row, -1 none
    output_events: tuple[NDArray[np.bool_], ...] = ()  # each (facility,): whom a shock to output hits
    border_events: tuple[NDArray[np.bool_], ...] = ()  # each (link,): what a closed border holds back
    release_events: tuple[NDArray[np.bool_], ...] = ()  # each (in_slot,): users of a material in a region
    requisitions: bool = False  # whether military orders ever go first
    offtakes: bool = False  # whether buyers ever promise to buy at home
    lead_events: tuple[NDArray[np.bool_], ...] = ()  # each (link,): whose lead an event changes

    @staticmethod
    def of(network: Network, abroad: Ints | None = None) -> Structure:
        """Derive everything from the network; `abroad` are links between other countries that a licence may stop."""
        n = network
        out_facility = n.out_slot_facility[n.link_out]
        in_facility = n.in_slot_facility[n.link_in]
        from_region = n.facility_region[out_facility]
        to_region = n.facility_region[in_facility]
        material = n.out_slot_material[n.link_out]
        china = crossings.china(n)
        leaving = crossings.leaving(n)
        crossing = leaving if abroad is None else np.concatenate([leaving, abroad])
        keys = crossings.keys(n, crossing)
        gates = sorted(set(keys))
        gate_of = {key: row for row, key in enumerate(gates)}
        exports = sorted({(g.destination, g.material) for g in gates if g.origin == china})
        export_of = {key: row for row, key in enumerate(exports)}
        elsewhere = len(exports)
        terminal = np.zeros(len(n.activities), dtype=bool)
        terminal[n.terminal_activity] = True
        feeds = np.zeros(len(n.in_slot_facility), dtype=bool)
        feeds[n.input_slot[terminal[n.input_activity]]] = True
        group = np.zeros(len(n.in_slot_facility), dtype=np.int64)
        of_activity = np.zeros(len(n.activities), dtype=np.int64)
        of_activity[n.terminal_activity] = n.terminal_group
        fed = terminal[n.input_activity]
        group[n.input_slot[fed]] = of_activity[n.input_activity[fed]]
        priced = np.flatnonzero(np.isfinite(n.price0).all(axis=1))
        row = np.full(len(n.materials), -1, dtype=np.int64)
        row[priced] = np.arange(len(priced))
        return Structure(
            network=n,
            crossing=crossing,
            crossing_gate=np.array([gate_of[k] for k in keys], dtype=np.int64),
            gates=tuple(gates),
            gate_region=np.array([g.destination for g in gates], dtype=np.int64),
            gate_material=np.array([g.material for g in gates], dtype=np.int64),
            gate_military=np.array([g.military for g in gates], dtype=bool),
            link_material=material,
            input_is_terminal=terminal[n.input_activity],
            in_slot_group=group,
            in_slot_terminal=feeds,
            priced=priced,
            price_row=row,
            price_base=n.price0[priced],
            cost_weights=_cost_weights(n, row, terminal),
            group_weights=_group_weights(n, row),
            terminal_weights=_terminal_weights(n, row),
            drive_price=_drive_price(n, row),
            export_rows=tuple(exports),
            crossing_leaves=from_region[crossing] == china,
            crossing_export=np.array(
                [export_of.get(k[1:3], elsewhere) if k.origin == china else elsewhere for k in keys], dtype=np.int64
            ),
            loss=_loss(n, terminal),
            mined=_mined(n, terminal),
            product=_product(n),
            kept=np.where(_is_mine(n)[:, None], 0.0, _outflow(n)),
            yield_limit=_yield_limit(n, terminal),
            in_slot_abroad=n.facility_region[n.in_slot_facility] != china,
            link_from_china=from_region == china,
            link_leaves_china=(from_region == china) & (to_region != china),
            in_slot_price=_price_zone(n, row, n.in_slot_material, n.in_slot_facility),
            out_slot_price=_price_zone(n, row, n.out_slot_material, n.out_slot_facility),
            crossing_price=np.where(from_region[crossing] == china, row[material[crossing]], -1),
        )

    def single(self) -> Structure:
        """The same with every table of numbers, and every index, in 32 bits.

        jax keeps constants by their array: a run in single precision after one in double would meet the other's.
        """
        return replace(_single(self), network=_single(self.network))


def _single(tables: Tables) -> Tables:
    changed = {}
    for field in fields(tables):
        value = getattr(tables, field.name)
        if isinstance(value, np.ndarray) and value.dtype.kind in SINGLE:
            changed[field.name] = value.astype(SINGLE[value.dtype.kind])
    return replace(tables, **changed)


def _price_zone(n: Network, row: Ints, material: Ints, facility: Ints) -> Ints:
    zones = len(n.zones)
    last = int((row >= 0).sum()) * zones
    return np.where(row[material] < 0, last, row[material] * zones + n.facility_zone[facility])


def _per_activity(n: Network, rows: Ints, slots_material: Ints, coef: Floats) -> Floats:
    """Tonnes of element (activity, element) carried by a list of inputs or outputs."""
    total = np.zeros((len(n.activities), len(n.elements)))
    np.add.at(total, rows, coef[:, None] * n.composition[slots_material])
    return total


def _inflow(n: Network) -> Floats:
    return _per_activity(n, n.input_activity, n.in_slot_material[n.input_slot], n.input_coef)


def _outflow(n: Network) -> Floats:
    return _per_activity(n, n.output_activity, n.out_slot_material[n.output_slot], n.output_coef)


def _is_mine(n: Network) -> NDArray[np.bool_]:
    fed = np.zeros(len(n.activities), dtype=bool)
    fed[n.input_activity] = True
    return ~fed


def _loss(n: Network, terminal: NDArray[np.bool_]) -> Floats:
    loss = _inflow(n) - _outflow(n)
    loss[_is_mine(n) | terminal] = 0.0
    return loss


def _yield_limit(n: Network, terminal: NDArray[np.bool_]) -> Floats:
    inflow, outflow = _inflow(n), _outflow(n)
    room = np.divide(inflow, outflow, out=np.full_like(inflow, np.inf), where=outflow > 0)
    limit = room.min(axis=1)
    limit[_is_mine(n) | terminal] = np.inf
    return np.asarray(limit)


def _mined(n: Network, terminal: NDArray[np.bool_]) -> Floats:
    mined = np.where((_is_mine(n) & ~terminal)[:, None], _outflow(n), 0.0)
    return np.asarray(mined)


def _product(n: Network) -> Floats:
    return np.asarray(_inflow(n)[n.terminal_activity])


def _cost_weights(n: Network, row: Ints, terminal: NDArray[np.bool_]) -> Floats:
    """Value shares of the priced inputs of what is made in a zone, mean over its makers; rows sum to 1 or 0."""
    size, zones = int((row >= 0).sum()), len(n.zones)
    weights = np.zeros((size, zones, size, zones))
    for activity in np.flatnonzero(~terminal):
        drive = n.activity_drive[activity]
        made = row[n.out_slot_material[drive]] if drive >= 0 else -1
        if made < 0:
            continue
        zone = n.facility_zone[n.activity_facility[activity]]
        for i in np.flatnonzero(n.input_activity == activity):
            material = n.in_slot_material[n.input_slot[i]]
            if row[material] >= 0:
                value = n.input_coef[i] * n.price0[material, zone]
                weights[made, zone, row[material], zone] += value
    total = weights.sum(axis=(2, 3), keepdims=True)
    return np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)


def _spent(n: Network, row: Ints) -> Floats:
    """Value of each priced input of a unit of every design, USD times a thousand (terminal, price, zone)."""
    spent = np.zeros((len(n.terminal_activity), int((row >= 0).sum()), len(n.zones)))
    for t, activity in enumerate(n.terminal_activity):
        zone = n.facility_zone[n.activity_facility[activity]]
        for i in np.flatnonzero(n.input_activity == activity):
            material = n.in_slot_material[n.input_slot[i]]
            if row[material] >= 0:
                spent[t, row[material], zone] += n.input_coef[i] * n.price0[material, zone]
    return spent


def _shares(value: Floats) -> Floats:
    total = value.sum(axis=(1, 2), keepdims=True)
    return np.divide(value, total, out=np.zeros_like(value), where=total > 0)


def _terminal_weights(n: Network, row: Ints) -> Floats:
    return _shares(_spent(n, row))


def _group_weights(n: Network, row: Ints) -> Floats:
    spent = _spent(n, row)
    value = np.zeros((len(n.groups), *spent.shape[1:]))
    np.add.at(value, n.terminal_group, n.terminal_share[:, None, None] * spent)
    return _shares(value)


def _drive_price(n: Network, row: Ints) -> Ints:
    price = np.full(len(n.facilities), -1, dtype=np.int64)
    for activity, drive in enumerate(n.activity_drive):
        if drive >= 0:
            price[n.activity_facility[activity]] = row[n.out_slot_material[drive]]
    return price
