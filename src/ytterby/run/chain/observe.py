"""Home to what is observed of a step: sums over draws' rows that the metrics are made of."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from ytterby.run.base import Series
from ytterby.run.chain.gate import Licensing, Passage
from ytterby.run.chain.production import Produced
from ytterby.run.chain.shipping import Shipped
from ytterby.run.chain.state import State, in_all_stages
from ytterby.run.chain.structure import Structure
from ytterby.run.chain.use import Service
from ytterby.world.network import Ints, Network


def series_of(structure: Structure) -> tuple[Series, ...]:
    """The rows of every series `observe` returns."""
    n = structure.network
    exports = tuple(f"{n.regions[r]}|{n.materials[m]}" for r, m in structure.export_rows)
    priced = tuple(f"{n.materials[m]}|{z}" for m in structure.priced for z in n.zones)
    stocks = tuple(f"{m}|{z}" for m in n.materials for z in n.zones)
    regions = n.regions
    return (
        Series("exports", exports, "t", "flow", "left China, by destination and material"),
        Series("demand", n.groups, "unit", "flow", "what the makers of each product wanted to build"),
        Series("output", n.groups, "unit", "flow", "what they built"),
        Series("cover", n.groups, "day", "level", "days of use in the scarcest input's stock"),
        Series("prices", priced, "USD/kg", "level", "price by zone"),
        Series("production", n.materials, "t", "flow", "made of each material"),
        Series("made", made_rows(n)[0], "t", "flow", "made of the materials of each stage, by region"),
        Series("stocks", stocks, "t", "level", "stocks at plants, by zone"),
        Series("stockpile", n.materials, "t", "level", "held by states"),
        Series("applied", regions, "t", "flow", "applied for, by destination"),
        Series("granted", regions, "t", "flow", "granted"),
        Series("refused", regions, "t", "flow", "refused"),
        Series("review", regions, "t", "level", "under review"),
        Series("waiting", regions, "t", "level", "ordered in China and not shipped"),
        Series("diverted", regions, "t", "flow", "left without the permit it needed"),
        Series("mined", n.elements, "t", "flow", "element mined"),
        Series("lost", n.elements, "t", "flow", "element lost in processes"),
        Series("discarded", n.elements, "t", "flow", "element in products retired and not collected"),
        Series("flow", n.elements, "t", "flow", "element put through all processes"),
        Series("residual", n.elements, "t", "flow", "element that the balance does not explain"),
    )


def made_rows(n: Network) -> tuple[tuple[str, ...], Ints]:
    """Rows of the series ``made`` as ``region|stage of the material``, and the row of every out-slot."""
    region, stage = n.facility_region[n.out_slot_facility], [n.material_stage[m] for m in n.out_slot_material]
    names = [f"{n.regions[r]}|{s}" for r, s in zip(region, stage, strict=True)]
    labels = tuple(sorted(set(names)))
    return labels, np.array([labels.index(name) for name in names], dtype=np.int64)


def observe(
    structure: Structure,
    old: State,
    new: State,
    made: Produced,
    shipped: Shipped,
    passage: Passage,
    licensing: Licensing,
    service: Service,
    want: Array,
    yields: Array,
    dt: float,
) -> dict[str, Array]:
    """Rows of every series for one step, each (row, draw)."""
    n = structure.network
    groups, regions, exports = len(n.groups), len(n.regions), len(structure.export_rows)
    to_region = structure.gate_region[structure.crossing_gate]
    crossing = structure.crossing
    leaving = shipped.amount[crossing]
    on_permit = passage.on_permit * shipped.ratio[crossing]
    diverted = jnp.maximum(leaving * passage.held - on_permit, 0.0)
    built = made.run[n.terminal_activity]
    by_region = lambda x: jax.ops.segment_sum(x, to_region, regions)  # noqa: E731
    mined = structure.mined.T @ (made.run * yields)
    lost = structure.loss.T @ made.run + structure.kept.T @ (made.run * (1.0 - yields))
    returned = jax.ops.segment_sum(service.collected, n.out_slot_material, len(n.materials))
    discarded = structure.product.T @ service.retired - n.composition.T @ returned
    flow = mined + n.composition.T @ jax.ops.segment_sum(made.used, n.in_slot_material, len(n.materials))
    explained = mined - lost - discarded
    return {
        "exports": jax.ops.segment_sum(leaving, structure.crossing_export, exports + 1)[:exports],
        "demand": want * dt,
        "output": jax.ops.segment_sum(built, n.terminal_group, groups),
        "cover": _cover(structure, new),
        "prices": _prices(structure, new),
        "production": jax.ops.segment_sum(made.made, n.out_slot_material, len(n.materials)),
        "made": _made(structure, made),
        "stocks": _stocks(structure, new),
        "stockpile": jax.ops.segment_sum(new.stockpile, n.out_slot_material, len(n.materials)),
        "applied": by_region(licensing.applied),
        "granted": by_region(licensing.granted),
        "refused": by_region(licensing.refused),
        "review": by_region(in_all_stages(licensing.review)),
        "waiting": by_region(jnp.where(structure.crossing_leaves[:, None], new.backlog[crossing], 0.0)),
        "diverted": by_region(diverted),
        "mined": mined,
        "lost": lost,
        "discarded": discarded,
        "flow": flow,
        "residual": new.mass - old.mass - explained,
    }


def _made(structure: Structure, made: Produced) -> Array:
    labels, row = made_rows(structure.network)
    return jax.ops.segment_sum(made.made, row, len(labels))


def _cover(structure: Structure, state: State) -> Array:
    """Days of expected use in stock of the scarcest input of each group (group, draw)."""
    n = structure.network
    days = state.stock_in / jnp.maximum(state.expected_use, 1e-12)
    terminal = structure.input_is_terminal
    row = np.zeros(len(n.activities), dtype=np.int64)
    row[n.terminal_activity] = n.terminal_group
    low: Array = jax.ops.segment_min(days[n.input_slot[terminal]], row[n.input_activity[terminal]], len(n.groups))
    return jnp.minimum(low, 999.0)


def _prices(structure: Structure, state: State) -> Array:
    price: Array = jnp.exp(state.log_price) * structure.price_base[..., None]
    return price.reshape(-1, price.shape[-1])


def _stocks(structure: Structure, state: State) -> Array:
    n = structure.network
    zones = len(n.zones)
    rows = len(n.materials) * zones
    ins = n.in_slot_material * zones + n.facility_zone[n.in_slot_facility]
    outs = n.out_slot_material * zones + n.facility_zone[n.out_slot_facility]
    held: Array = jax.ops.segment_sum(state.stock_in, ins, rows)
    return held + jax.ops.segment_sum(state.stock_out, outs, rows)
