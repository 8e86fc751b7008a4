"""Home to the proofs that a world is sound, and to its balance from mine to magnet.

`check` refuses a world in which a recipe makes matter, shares do not sum to one, a slot has no supplier or a number
is negative. `balance` follows NdPr, Dy, Tb, Sm and Y from the mine to first use and sets totals worked out elsewhere
beside them.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.terms.elements import RECORDS
from ytterby.terms.errors import BadValue, Unbalanced
from ytterby.world.balance import DAYS, Steady, steady
from ytterby.world.network import Network

Floats = NDArray[np.float64]
Row = dict[str, Any]

MATTER = 1e-9
"""Excess of output over input, as a share of the input, that rounding may leave."""
SHARES = 1e-9
"""Distance from one that a sum of shares may keep."""
BASE = 2024.5
FOLLOWED: dict[str, tuple[str, ...]] = {"NdPr": ("Nd", "Pr"), "Dy": ("Dy",), "Tb": ("Tb",), "Sm": ("Sm",), "Y": ("Y",)}
TOTALS = "totals"
"""Key of `Network.notes` that holds the totals of `totals.csv`, worked out at the build."""
CHINA = "CN"


def check(network: Network) -> None:
    """Prove the world sound.

    Raises Unbalanced (matter from nothing, shares that do not sum to one, a slot without supplier) or BadValue (a
    negative or missing number, a name twice); each names the row.
    """
    _names(network)
    _numbers(network)
    _matter(network)
    _supply(network)
    _shares(network)


def _names(n: Network) -> None:
    for axis in ("elements", "regions", "materials", "facilities", "activities", "groups"):
        names = getattr(n, axis)
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise BadValue(f"'{twice[0]}' stands twice", place=axis, remedy="give every row its own id")


def _numbers(n: Network) -> None:
    checked = {
        "capacity": (n.capacity, n.facilities),
        "composition": (n.composition, n.materials),
        "demand": (n.demand, n.groups),
        "activity_load": (n.activity_load, n.activities),
        "tech_dependence": (n.tech_dependence, n.facilities),
        "ramp_days": (n.ramp_days, n.facilities),
        "terminal_collect": (n.terminal_collect, [n.activities[a] for a in n.terminal_activity]),
        "input_coef": (n.input_coef, [n.activities[a] for a in n.input_activity]),
        "output_coef": (n.output_coef, [n.activities[a] for a in n.output_activity]),
        "link_lead": (n.link_lead, _link_names(n)),
        "link_share": (n.link_share, _link_names(n)),
    }
    for name, (values, rows) in checked.items():
        flat = values.reshape(len(values), -1)
        wrong = np.flatnonzero(~(flat >= 0).all(axis=1))
        if wrong.size:
            row = int(wrong[0])
            raise BadValue(
                f"{name} is {flat[row].min():g}", place=str(rows[row]), remedy="it must be a number of 0 or more"
            )


def _link_names(n: Network) -> list[str]:
    return [
        f"{n.facilities[n.out_slot_facility[o]]} to {n.facilities[n.in_slot_facility[i]]}, "
        f"{n.materials[n.out_slot_material[o]]}"
        for o, i in zip(n.link_out, n.link_in, strict=True)
    ]


def flows(n: Network) -> tuple[Floats, Floats]:
    """Tonnes of each element that a unit of activity takes in and gives out, each (activity, element)."""
    entering, leaving = (np.zeros((len(n.activities), len(n.elements))) for _ in range(2))
    np.add.at(entering, n.input_activity, n.input_coef[:, None] * n.composition[n.in_slot_material[n.input_slot]])
    np.add.at(leaving, n.output_activity, n.output_coef[:, None] * n.composition[n.out_slot_material[n.output_slot]])
    return entering, leaving


def _matter(n: Network) -> None:
    entering, leaving = flows(n)
    fed = np.zeros(len(n.activities), dtype=np.bool_)
    fed[n.input_activity] = True
    over = (leaving - entering * (1 + MATTER)) * fed[:, None]
    if over.max(initial=0.0) > 0.0:
        row, column = divmod(int(np.argmax(over)), over.shape[1])
        raise Unbalanced(
            f"{n.elements[column]} from nothing: {leaving[row, column]:.6g} t out of "
            f"{entering[row, column]:.6g} t per unit",
            place=f"recipe {n.activities[row]}",
            remedy=f"lower the outputs that hold {n.elements[column]} or raise the inputs",
        )
    total = n.composition.sum(axis=1)
    if total.max(initial=0.0) > 1 + MATTER:
        row = int(np.argmax(total))
        raise Unbalanced(
            f"its elements weigh {total[row]:.6g} t a tonne", place=n.materials[row], remedy="lower its contents"
        )


def _supply(n: Network) -> None:
    supplied = np.bincount(n.link_in, minlength=len(n.in_slot_facility))
    if (supplied == 0).any():
        row = int(np.argmax(supplied == 0))
        raise Unbalanced(
            f"nobody supplies {n.materials[n.in_slot_material[row]]}",
            place=n.facilities[n.in_slot_facility[row]],
            remedy="add a line to links.csv, or to feeds.csv for ore",
        )
    differs = n.out_slot_material[n.link_out] != n.in_slot_material[n.link_in]
    if differs.any():
        row = int(np.argmax(differs))
        raise Unbalanced("a link changes the material", place=_link_names(n)[row], remedy="link like to like")


def _shares(n: Network) -> None:
    sums = {
        "shares of suppliers": (
            np.bincount(n.link_in, n.link_share, len(n.in_slot_facility)),
            [
                f"{n.materials[m]} at {n.facilities[f]}"
                for f, m in zip(n.in_slot_facility, n.in_slot_material, strict=True)
            ],
        ),
        "shares of designs": (np.bincount(n.terminal_group, n.terminal_share, len(n.groups)), n.groups),
    }
    for what, (total, rows) in sums.items():
        wrong = np.abs(total - 1.0) > SHARES
        if wrong.any():
            row = int(np.argmax(wrong))
            raise Unbalanced(f"{what} sum to {total[row]:.6g}", place=rows[row], remedy="make them sum to 1")
    driven = n.activity_drive >= 0
    total = np.bincount(n.activity_drive[driven], n.activity_share[driven], len(n.out_slot_facility))
    used = np.unique(n.activity_drive[driven])
    if (np.abs(total[used] - 1.0) > SHARES).any():
        slot = int(used[np.argmax(np.abs(total[used] - 1.0))])
        raise Unbalanced(
            f"shares of its recipes for {n.materials[n.out_slot_material[slot]]} sum to {total[slot]:.6g}",
            place=n.facilities[n.out_slot_facility[slot]],
            remedy="make them sum to 1",
        )


def balance(network: Network, found: Steady | None = None) -> list[Row]:
    """Mine to first use, in t a year of the base year, by element.

    Columns: element, stage, value, unit, assumed (share that passes plants whose capacity is assumed), other (the
    same total from elsewhere, None without one), gap (value over other, less 1), source.
    """
    state = found or steady(network, BASE)
    totals = {(row["element"], row["stage"]): row for row in json.loads(network.notes.get(TOTALS, "[]"))}
    rows: list[Row] = []
    for name, symbols in FOLLOWED.items():
        rows.extend(_element(network, state, name, symbols))
    rows.extend(_magnets(network, state))
    for row in rows:
        other = totals.get((row["element"], row["stage"]))
        row["other"] = round(other["value"]) if other else None
        row["gap"] = round(row["value"] / other["value"] - 1.0, 3) if other else None
        row["source"] = other["why"] if other else ""
    return rows


def _element(n: Network, s: Steady, name: str, symbols: tuple[str, ...]) -> list[Row]:
    """Rows of one element. Up to the oxide in t of oxide, from the metal on in t of metal."""
    columns = [n.elements.index(symbol) for symbol in symbols]
    as_oxide = np.array([1.0 / RECORDS[symbol].metal_in_oxide for symbol in symbols])
    content = n.composition[:, columns]
    made = n.output_coef * s.activity[n.output_activity]
    taken = n.input_coef * s.activity[n.input_activity]
    out_material, in_material = n.out_slot_material[n.output_slot], n.in_slot_material[n.input_slot]
    out_stage = np.array(n.material_stage)[out_material]
    in_stage = np.array(n.material_stage)[in_material]
    kind = np.array(n.facility_stage)
    at_out = kind[n.activity_facility[n.output_activity]]
    at_in = kind[n.activity_facility[n.input_activity]]
    dubious = n.facility_assumed
    from_scrap = np.zeros(len(n.activities), dtype=np.bool_)
    from_scrap[n.input_activity[in_stage == "scrap"]] = True
    recycled = from_scrap[n.output_activity]

    def row(stage: str, chosen: NDArray[np.bool_], *, out: bool, oxide: bool) -> Row:
        amount, material = (made, out_material) if out else (taken, in_material)
        activity = n.output_activity if out else n.input_activity
        tonnes = amount[chosen] * (content[material[chosen]] @ (as_oxide if oxide else np.ones(len(symbols))))
        total = float(tonnes.sum()) * DAYS
        doubt = float(tonnes[dubious[n.activity_facility[activity[chosen]]]].sum()) * DAYS
        return _row(name, stage, total, "t oxide" if oxide else "t metal", doubt / total if total else 0.0)

    final = np.isin(at_in, ("maker", "use"))
    return [
        row("mine", at_out == "mine", out=True, oxide=True),
        row("concentrate", (in_stage == "concentrate") & (at_in == "separation"), out=False, oxide=True),
        row("oxide, all", out_stage == "oxide", out=True, oxide=True),
        row("oxide, recycled", (out_stage == "oxide") & recycled, out=True, oxide=True),
        row("oxide, other uses", final & (in_stage == "oxide"), out=False, oxide=True),
        row("metal", out_stage == "metal", out=True, oxide=False),
        row("alloy", out_stage == "alloy", out=True, oxide=False),
        row("magnet", out_stage == "magnet", out=True, oxide=False),
        row("swarf", out_stage == "scrap", out=True, oxide=False),
        row("first use in magnets", final & np.isin(in_stage, ("magnet", "component")), out=False, oxide=False),
    ]


def _row(element: str, stage: str, value: float, unit: str, assumed: float) -> Row:
    return {"element": element, "stage": stage, "value": round(value, 1), "unit": unit, "assumed": round(assumed, 3)}


def _magnets(n: Network, s: Steady) -> list[Row]:
    """Gross tonnes of alloy and magnets, and what leaves China."""
    stage = np.array(n.material_stage)
    made = n.output_coef * s.activity[n.output_activity]
    alloy = stage[n.out_slot_material[n.output_slot]] == "alloy"
    doubt = n.facility_assumed[n.activity_facility[n.output_activity]]
    total = float(made[alloy].sum())
    rows = [_row("magnets", "alloy", total * DAYS, "t", float(made[alloy & doubt].sum()) / total)]
    goods = stage[n.out_slot_material[n.link_out]]
    magnet = goods == "magnet"
    used = np.isin(goods, ("magnet", "component"))
    used &= np.isin(np.array(n.facility_stage)[n.in_slot_facility[n.link_in]], ("maker", "use"))
    origin = n.facility_region[n.out_slot_facility[n.link_out]]
    to = n.facility_region[n.in_slot_facility[n.link_in]]
    doubt = n.facility_assumed[n.out_slot_facility[n.link_out]]
    china = n.regions.index(CHINA)
    abroad = magnet & (origin == china) & (to != china)

    def shipped(label: str, chosen: NDArray[np.bool_]) -> Row:
        total = float(s.flow[chosen].sum())
        return _row("magnets", label, total * DAYS, "t", float(s.flow[chosen & doubt].sum()) / total if total else 0.0)

    rows.append(shipped("first use", used))
    rows.append(shipped("exports of China", abroad))
    rows.extend(
        shipped(f"exports of China to {n.regions[region]}", abroad & (to == region)) for region in np.unique(to[abroad])
    )
    return rows


def loads(network: Network, found: Steady | None = None) -> list[Row]:
    """What every plant runs at in the base year.

    Columns: facility, stage, load and capacity (load units a year), use (their ratio), assumed.
    """
    state = found or steady(network, BASE)
    return [
        {
            "facility": network.facilities[row],
            "stage": network.facility_stage[row],
            "load": round(float(state.load[row]) * DAYS, 1),
            "capacity": round(float(state.capacity[row]) * DAYS, 1),
            "use": round(float(state.load[row] / state.capacity[row]), 3) if state.capacity[row] > 0 else None,
            "assumed": bool(network.facility_assumed[row]),
        }
        for row in np.flatnonzero(np.isfinite(network.capacity))
    ]
