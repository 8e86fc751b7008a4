"""Home to the world as arrays: what mines, plants, makers and links are, in one frozen record.

Quantities are tonnes of the material as traded (concentrate: tonnes of contained REO; products: the unit of
the product, named in `terminal_unit`); `composition` turns any of them into tonnes of contained element.
Rates are per day. Array axes are named in the field's comment, e.g. ``(activity,)``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CERTAIN = 0
"""Row of the parameter table that is always 1: what points there has no spread."""


@dataclass(frozen=True)
class Uncertainty:
    """One uncertain parameter of the world: a factor on the medians in the arrays.

    The factor is the drawn value over the median; its distribution is named in `kind` (``lognormal``, ``normal``,
    ``beta``, ``uniform``, ``triangular``, ``point``) and its 5 % and 95 % points are `low` and `high`.
    """

    name: str
    median: float
    low: float
    high: float
    unit: str
    kind: str
    assumed: bool
    claims: tuple[tuple[str, float], ...] = ()
    """(claim id, weight) of the claims it was pooled from."""


@dataclass(frozen=True)
class Network:
    """The world, closed and balanced, before any scenario touches it."""

    known: str
    """The knowledge date it was built at (ISO)."""
    elements: tuple[str, ...]
    regions: tuple[str, ...]
    """ISO 3166 alpha-2; EU = EU27 without the members named beside it, ZZ = rest of the world."""
    zones: tuple[str, ...]
    """Price zones; zone 0 is China, zone 1 the rest."""

    # materials
    materials: tuple[str, ...]
    material_stage: tuple[str, ...]
    material_unit: tuple[str, ...]
    composition: Floats  # (material, element) tonnes of element per unit of material
    price0: Floats  # (material, zone) USD per kg of material; NaN where no price is kept

    # facilities
    facilities: tuple[str, ...]
    facility_name: tuple[str, ...]
    facility_name_zh: tuple[str, ...]
    facility_stage: tuple[str, ...]  # mine, separation, metal, alloy, magnet, recycling, maker, use
    facility_region: Ints  # (facility,)
    facility_zone: Ints  # (facility,)
    facility_lat: Floats  # (facility,) degrees, NaN where unknown
    facility_lon: Floats
    facility_assumed: Bools  # closure rows and figures of grade C
    capacity: Floats  # (facility,) nameplate, load units per day (inf for makers and uses)
    ramp_start: Floats  # (facility,) days since 1970-01-01; -inf = already running
    ramp_days: Floats  # (facility,) days from start to nameplate; 0 = at once
    tech_dependence: Floats  # (facility,) 0..1, how far ramp and yield hang on Chinese equipment and people
    invests: Bools  # (facility,) whether price-led investment may expand it
    build_days: Floats  # (facility,) build time of an expansion

    # activities: one recipe run at one facility
    activities: tuple[str, ...]
    activity_facility: Ints  # (activity,)
    activity_load: Floats  # (activity,) capacity used per unit of activity
    activity_drive: Ints  # (activity,) output slot it runs for; -1 for terminal ones
    activity_share: Floats  # (activity,) nominal share among the activities of a facility with the same drive
    input_activity: Ints  # (input,)
    input_slot: Ints  # (input,) in-slot
    input_coef: Floats  # (input,) units of material per unit of activity
    output_activity: Ints  # (output,)
    output_slot: Ints  # (output,) out-slot
    output_coef: Floats  # (output,) units of material per unit of activity, at nominal yield

    # slots
    in_slot_facility: Ints  # (in_slot,)
    in_slot_material: Ints
    in_slot_cover: Floats  # target stock, days of expected use
    in_slot_adjust: Floats  # days over which a gap to target is closed
    out_slot_facility: Ints  # (out_slot,)
    out_slot_material: Ints
    out_slot_cover: Floats  # target stock of finished goods, days of expected orders

    # links
    link_out: Ints  # (link,) out-slot it leaves
    link_in: Ints  # (link,) in-slot it feeds
    link_share: Floats  # (link,) nominal share of the in-slot's orders; sums to 1 per in-slot
    link_lead: Floats  # (link,) days, median
    link_drift: Floats  # (link,) 1/day, how fast shares may move (qualification)
    link_military: Bools  # (link,) the buyer's end use

    # terminal activities: final uses, by design of the product
    terminal_activity: Ints  # (terminal,)
    terminal_group: Ints  # (terminal,) group = product x region x end use; members are rival designs
    terminal_share: Floats  # (terminal,) nominal share of the design within its group
    terminal_share_max: Floats  # (terminal,) how far substitution may go
    terminal_switch_days: Floats  # (terminal,) time constant of substitution
    terminal_life_days: Floats  # (terminal,) mean life in use; 0 = dissipated at once
    terminal_collect: Floats  # (terminal,) share of magnets collected at end of life
    groups: tuple[str, ...]
    group_product: tuple[str, ...]
    group_region: Ints  # (group,)
    group_military: Bools  # (group,)
    group_unit: tuple[str, ...]
    group_elasticity: Floats  # (group,) price elasticity of demand, >= 0
    group_magnet: Bools  # (group,) a product with magnets (True) or a non-magnet use (False)
    demand_years: Floats  # (year,) decimal years of the anchors
    demand: Floats  # (group, year) units per day
    scrap_terminal: Ints  # (scrap,) which terminal's retired magnets ...
    scrap_slot: Ints  # (scrap,) ... arrive in which out-slot (a collector's)
    scrap_coef: Floats  # (scrap,) units of material per unit of product

    # uncertainty: rows of `uncertainty` that multiply an entry (0 = certain)
    uncertainty: tuple[Uncertainty, ...]
    capacity_by: Ints  # (facility,)
    yield_by: Ints  # (activity,)
    demand_by: Ints  # (group,)
    cover_by: Ints  # (in_slot,)
    lead_by: Ints  # (link,)
    ramp_by: Ints  # (facility,)
    output_by: Ints  # (activity,) mine output and other activity levels of grade-C sources
    notes: dict[str, str] = field(default_factory=dict)

    def sizes(self) -> dict[str, int]:
        """Number of rows along each axis."""
        return {
            "element": len(self.elements),
            "material": len(self.materials),
            "facility": len(self.facilities),
            "activity": len(self.activities),
            "in_slot": len(self.in_slot_facility),
            "out_slot": len(self.out_slot_facility),
            "link": len(self.link_out),
            "terminal": len(self.terminal_activity),
            "group": len(self.groups),
            "parameter": len(self.uncertainty),
        }
