"""Home to crossings: the links that a Chinese licence may stop, and the classes the rules tell apart among them.

Those that leave China always count. Those between two other countries count where a rule reaches abroad (Announcement
61 of 2025: Chinese content, Chinese technology), so they are gated only in scenarios where such a rule ever binds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ytterby.rules.gates import GateClass, Gates
from ytterby.world.network import Network

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

CHINA = "CN"

FORM = {
    "concentrate": "concentrate",
    "oxide": "oxide",
    "metal": "metal",
    "alloy": "alloy",
    "magnet": "magnet",
    "component": "assembly",
    "scrap": "scrap",
}
"""Form in which the rules know a material of each stage."""

FLOOR = 0.001
"""Chinese content from which Announcement 61 s.1(1) reaches goods made abroad (a share of value; of mass here)."""

DEPENDENT = 0.5
"""Dependence on Chinese equipment from which a plant counts as using Chinese technology."""

ROUNDS = 20
"""More than the longest chain has stages."""


class Key(NamedTuple):
    """What the rules can tell apart about a link: rows of regions and materials, and four yes-or-nos."""

    origin: int
    destination: int
    material: int
    military: bool
    content: bool = False
    technology: bool = False


def leaving(n: Network) -> Ints:
    """Links that leave China (link,), as row numbers."""
    origin, destination = ends(n)
    home = china(n)
    return np.flatnonzero((origin == home) & (destination != home))


def china(n: Network) -> int:
    """Row of China among the regions, -1 without it."""
    return n.regions.index(CHINA) if CHINA in n.regions else -1


def ends(n: Network) -> tuple[Ints, Ints]:
    """Region each link starts from and ends in (link,) each."""
    return (
        n.facility_region[n.out_slot_facility[n.link_out]],
        n.facility_region[n.in_slot_facility[n.link_in]],
    )


def keys(n: Network, links: Ints) -> list[Key]:
    """Class of each of some links."""
    origin, destination = ends(n)
    content = chinese_share(n)[n.link_out] >= FLOOR
    technology = n.tech_dependence[n.out_slot_facility[n.link_out]] >= DEPENDENT
    home = china(n)
    found = []
    for k in links:
        abroad = origin[k] != home
        goods = int(n.out_slot_material[n.link_out[k]])
        flags = bool(n.link_military[k]), bool(abroad and content[k]), bool(abroad and technology[k])
        found.append(Key(int(origin[k]), int(destination[k]), goods, *flags))
    return found


def gate_class(n: Network, key: Key) -> GateClass:
    """A class as the rules want it."""
    elements = {symbol for symbol, share in zip(n.elements, n.composition[key.material], strict=True) if share > 0}
    return GateClass(
        n.regions[key.origin],
        n.regions[key.destination],
        FORM[n.material_stage[key.material]],
        frozenset(elements),
        key.military,
        chinese_share=FLOOR if key.content else 0.0,
        chinese_technology=key.technology,
    )


def reached(n: Network, compile_: Callable[[list[GateClass]], Gates]) -> Ints:
    """Links between two other countries that some rule ever stops, as row numbers."""
    origin, destination = ends(n)
    home = china(n)
    links = np.flatnonzero((origin != home) & (destination != home) & (origin != destination))
    found = keys(n, links)
    candidates = sorted({key for key in found if key.content or key.technology})
    if not candidates:
        return links[:0]
    law = compile_([gate_class(n, key) for key in candidates])
    rows = np.flatnonzero((law.licensed | law.refused | new_bans(law)).any(axis=1))
    stopped = {candidates[row] for row in rows}
    return links[[key in stopped for key in found]]


def new_bans(law: Gates) -> NDArray[np.bool_]:
    """Bans of the buyer's own government that begin within the run (class, day).

    Those in force on its first day are in the nominal shares already, waivers and all. Their reach upstream of a maker
    abroad (DFARS 252.225-7052 from 2027) is left out: makers keep lots apart, which a plant's shares cannot tell.
    """
    return np.asarray(law.buyer_ban & ~law.buyer_ban[:, :1])


def chinese_share(n: Network) -> Floats:
    """Share by mass of each out-slot's goods that passed through a plant in China (out_slot,).

    What a Chinese plant sells is Chinese whole; elsewhere it is the mean of the inputs at their nominal shares.
    """
    home = n.facility_region[n.out_slot_facility] == china(n)
    made = np.where(home, 1.0, 0.0)
    fed = np.bincount(n.input_activity, weights=n.input_coef, minlength=len(n.activities))
    put_out = np.bincount(n.output_slot, weights=n.output_coef, minlength=len(made))
    for _ in range(ROUNDS):
        bought = np.bincount(n.link_in, weights=n.link_share * made[n.link_out], minlength=len(n.in_slot_facility))
        held = np.bincount(n.input_activity, weights=n.input_coef * bought[n.input_slot], minlength=len(fed))
        content = np.divide(held, fed, out=np.zeros_like(held), where=fed > 0.0)
        mixed = np.bincount(n.output_slot, weights=n.output_coef * content[n.output_activity], minlength=len(made))
        made = np.where(home, 1.0, np.divide(mixed, put_out, out=np.zeros_like(mixed), where=put_out > 0.0))
    return np.asarray(made)
