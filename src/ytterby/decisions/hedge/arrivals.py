"""Home to what arrives: of every order a buyer places, the share that passes, by origin, month and draw.

A scenario is simulated twice on the same draws: as it is, and calm, without licences, bans, lost supply and closed
borders. For an origin in China the share of month t is

    share[t] = exports[t] of the material to the buyer's country / the same exports in the calm world, same draw

Above 1 it says that what waited is let go. It also falls where other buyers turn away from China for good, which the
world does slowly; a plan of months reads it as delivery.

A plant elsewhere delivers what its own inputs allow: the least, over the inputs of its recipe, of what arrives of each
from those who sell to it, eked out by the stock the world gives it, times its ramp. Its inputs that come from China
pass the gate of its own country. Mines deliver all.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ytterby.decisions.hedge.company import Company
from ytterby.run.trials import Trial
from ytterby.terms.errors import BadValue, UnknownName
from ytterby.world.network import Network
from ytterby.world.scenarios import Regimes, Scenario

Floats = NDArray[np.float64]

MONTH = 365.25 / 12
"""Days."""
MOST = 4.0
"""Largest share of a month's orders that may arrive in one month."""
DEEPEST = 6
"""Steps up the chain that are followed from a plant abroad."""
TROUBLE = frozenset({
    "throughput", "review_speed", "grant", "general_licence", "supply_loss", "border", "refuse_destination",
    "price_floor", "tech_control", "requisition", "reroute", "air_freight", "buyer_ban",
})  # fmt: skip
"""Kinds of events that a calm world does not have; demand, investment and new plants stay."""
SERIES = ("exports", "prices", "granted", "refused")
"""What of a trial is asked for."""


def calm(plan: Scenario, instruments: Sequence[str]) -> Scenario:
    """The scenario without rules and without trouble.

    Args:
        plan: the scenario.
        instruments: ids of the law it runs under.
    """
    events = tuple(one for one in plan.events if one.kind not in TROUBLE)
    return plan.model_copy(
        update={
            "id": f"{plan.id}-calm",
            "events": events,
            "regimes": Regimes(exclude=(*plan.regimes.exclude, *instruments)),
        }
    )


def within(plan: Scenario, company: Company) -> Scenario:
    """The scenario, if the company's plan lies within it; whole, because a shorter run settles otherwise and its draws
    would no longer be those of a run of the scenario.

    Raises:
        BadValue: the plan does not lie within the scenario.
    """
    last = add_months(company.start.replace(day=1), company.months) - datetime.timedelta(days=1)
    if company.start < plan.start or last > plan.end:
        raise BadValue(
            f"the plan of {company.id} runs from {company.start} to {last}, the scenario {plan.id} "
            f"from {plan.start} to {plan.end}",
            place=f"company {company.id}, start and months",
            remedy="choose a scenario that reaches as far (ytterby scenarios), or a plan that lies within it",
        )
    return plan


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day of a later month; a first of a month only."""
    at = day.year * 12 + day.month - 1 + months
    return day.replace(year=at // 12, month=at % 12 + 1)


@dataclass(slots=True)
class Outlook:
    """What two trials, one of them calm, say of a buyer's orders; (draw, month) throughout."""

    network: Network
    real: Trial
    still: Trial
    start: datetime.date
    months: int
    first: int = 0
    """Row of the start among the trial's months."""
    _kept: dict[tuple[str, str, str], Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        name = self.start.strftime("%Y-%m")
        if name not in self.real.periods:
            raise BadValue(
                f"{name} is not among the months simulated", place="start of the company's plan",
                remedy=f"choose a day from {self.real.starts[0]} on",
            )  # fmt: skip
        self.first = self.real.periods.index(name)

    @property
    def draws(self) -> int:
        """How many draws."""
        return int(self.real.series["exports"].shape[-1])

    @property
    def periods(self) -> tuple[str, ...]:
        """The plan's months by name."""
        return tuple(self.real.periods[self.first : self.first + self.months])

    @property
    def starts(self) -> tuple[str, ...]:
        """First day of each."""
        return tuple(self.real.starts[self.first : self.first + self.months])

    def share(self, origin: str, region: str, grade: str, early: int = 0) -> Floats:
        """Share of the orders of a grade from an origin that arrives in a region, (draw, month).

        Args:
            origin: a country, or a plant of the world.
            region: the buyer's country.
            grade: a material of the world.
            early: months that goods are on their way from the border.

        Raises:
            UnknownName: an origin or country the world does not have, or an origin that does not make the grade.
        """
        self.known(origin, region, grade)
        whole = self._from(origin, region, grade, 0)
        return self._cut(whole, early)

    def known(self, origin: str, region: str, grade: str) -> None:
        """Refuse names the world does not have."""
        n = self.network
        if grade not in n.materials:
            raise UnknownName(grade, known=n.materials, what="material", place="grade of a company's material")
        if region not in n.regions:
            raise UnknownName(region, known=n.regions, what="country", place="region of a company's product")
        if origin not in n.regions and origin not in n.facilities:
            raise UnknownName(
                origin, known=(*n.facilities, *n.regions), what="plant or country", place="origin of a supplier"
            )

    def price(self, grade: str, region: str) -> tuple[Floats, float]:
        """Price of a grade in a region relative to the start, (draw, month), and its median at the start, USD/kg.

        Ones and NaN where the world has no price of it.
        """
        zone = self.network.zones[0 if region == self.network.zones[0] else 1]
        label = f"{grade}|{zone}"
        labels = self.real.labels["prices"]
        if label not in labels:
            return np.ones((self.draws, self.months)), float("nan")
        row = np.asarray(self.real.series["prices"][labels.index(label)], dtype=np.float64)
        base = np.maximum(row[self.first], 1e-12)
        return (self._cut(row, 0) / base[:, None]), float(np.median(base))

    def granted(self, region: str, months: int) -> Floats:
        """Share granted of what was decided for a region within `months` of the start, (draw,); 1 where nothing was."""
        labels = self.real.labels["granted"]
        if region not in labels:
            return np.ones(self.draws)
        span = slice(self.first, min(self.first + max(1, months), len(self.real.periods)))
        yes = np.asarray(self.real.series["granted"][labels.index(region), span], dtype=np.float64).sum(axis=0)
        no = np.asarray(self.real.series["refused"][labels.index(region), span], dtype=np.float64).sum(axis=0)
        return np.asarray(np.divide(yes, yes + no, out=np.ones_like(yes), where=yes + no > 1e-12))

    def makers(self, region: str, grade: str) -> list[int]:
        """Plants of a region that make a grade."""
        n = self.network
        slots = [k for k, m in enumerate(n.out_slot_material) if n.materials[int(m)] == grade]
        found = {int(n.out_slot_facility[k]) for k in slots}
        at = n.regions.index(region)
        return sorted(f for f in found if int(n.facility_region[f]) == at)

    def _cut(self, whole: Floats, early: int) -> Floats:
        """(period, draw) from the start on as (draw, month), `early` months before."""
        rows = np.clip(np.arange(self.first - early, self.first - early + self.months), 0, len(whole) - 1)
        return np.ascontiguousarray(whole[rows].T)

    def _from(self, origin: str, region: str, grade: str, depth: int) -> Floats:
        key = (origin, region, grade)
        if key not in self._kept:
            self._kept[key] = self._found(origin, region, grade, depth)
        return self._kept[key]

    def _found(self, origin: str, region: str, grade: str, depth: int) -> Floats:
        n = self.network
        china = n.zones[0]
        if origin in n.facilities:
            plant = n.facilities.index(origin)
            if n.regions[int(n.facility_region[plant])] == china:
                return self._gate(region, grade)
            return self._made(plant, grade, depth)
        if origin == china:
            return self._gate(region, grade)
        plants = self.makers(origin, grade)
        if not plants:
            makers = {n.regions[int(n.facility_region[f])] for r in n.regions for f in self.makers(r, grade)}
            raise UnknownName(
                origin, known=makers, what=f"maker country of {grade}", place="origin of a supplier",
            )  # fmt: skip
        weight = np.array([_size(float(n.capacity[f])) for f in plants])
        parts = np.stack([self._made(f, grade, depth) for f in plants])
        return np.asarray(np.tensordot(weight / weight.sum(), parts, axes=1))

    def _gate(self, region: str, grade: str) -> Floats:
        """What leaves China for a country, of what would without rules and trouble, (period, draw)."""
        periods = len(self.real.periods)
        if region == self.network.zones[0]:
            return np.ones((periods, self.draws))
        label = f"{region}|{grade}"
        labels = self.real.labels["exports"]
        if label not in labels:
            known = sorted(one.split("|")[0] for one in labels if one.endswith(f"|{grade}"))
            raise BadValue(
                f"in the world nobody in {region} buys {grade} from China",
                place="suppliers of a company's material",
                remedy=f"countries that do: {', '.join(known)}" if known else f"{grade} is not traded: choose another",
            )
        row = labels.index(label)
        gone = np.asarray(self.real.series["exports"][row], dtype=np.float64)
        free = np.asarray(self.still.series["exports"][row], dtype=np.float64)
        # A month in which next to nothing would be bought anyway says nothing of what passes.
        floor = 1e-3 * free.mean(axis=0, keepdims=True)
        ratio = np.divide(gone, free, out=np.ones_like(gone), where=free > np.maximum(floor, 1e-12))
        return np.clip(ratio, 0.0, MOST)

    def _made(self, plant: int, grade: str, depth: int) -> Floats:
        """What a plant outside China can make, of what it would, (period, draw)."""
        n = self.network
        outs = [
            k
            for k in range(len(n.out_slot_facility))
            if int(n.out_slot_facility[k]) == plant and n.materials[int(n.out_slot_material[k])] == grade
        ]
        if not outs:
            makes = {n.materials[int(m)] for m, f in zip(n.out_slot_material, n.out_slot_facility, strict=True)
                     if int(f) == plant}  # fmt: skip
            raise UnknownName(
                grade, known=makes, what=f"product of {n.facilities[plant]}", place="origin of a supplier"
            )
        periods = len(self.real.periods)
        ramp = self._ramp(plant)[:, None] * np.ones(self.draws)
        if depth >= DEEPEST:
            return ramp
        activities = [int(a) for a, o in zip(n.output_activity, n.output_slot, strict=True) if int(o) in outs]
        weight = np.array([max(float(n.activity_share[a]), 1e-9) for a in activities])
        parts = [self._fed(plant, activity, depth) for activity in activities]
        fed = np.tensordot(weight / weight.sum(), np.stack(parts), axes=1) if parts else np.ones((periods, self.draws))
        return np.asarray(fed * ramp)

    def _fed(self, plant: int, activity: int, depth: int) -> Floats:
        """The least of what arrives of an activity's inputs, each eked out by its stock, (period, draw)."""
        n = self.network
        region = n.regions[int(n.facility_region[plant])]
        least = np.ones((len(self.real.periods), self.draws))
        for slot in n.input_slot[n.input_activity == activity]:
            material = n.materials[int(n.in_slot_material[slot])]
            links = np.flatnonzero(n.link_in == slot)
            if not len(links):
                continue
            arrives = np.zeros_like(least)
            for link in links:
                seller = int(n.out_slot_facility[n.link_out[link]])
                arrives += float(n.link_share[link]) * self._from(n.facilities[seller], region, material, depth + 1)
            least = np.minimum(least, eked(arrives, float(n.in_slot_cover[slot]) / MONTH))
        return least

    def _ramp(self, plant: int) -> Floats:
        """Share of its nameplate that a plant has reached, (period,)."""
        n = self.network
        start = float(n.ramp_start[plant])
        if not np.isfinite(start):
            return np.ones(len(self.real.periods))
        days = np.array(
            [
                (datetime.date.fromisoformat(one) - datetime.date(1970, 1, 1)).days + MONTH / 2
                for one in self.real.starts
            ]
        )
        return np.clip((days - start) / max(float(n.ramp_days[plant]), 1.0), 0.0, 1.0)


def _size(capacity: float) -> float:
    return capacity if np.isfinite(capacity) and capacity > 0 else 1e-9


def eked(arrives: Floats, months: float) -> Floats:
    """What can be used of a steady need when `arrives` (period, draw) comes and a stock of `months` is at hand.

    >>> eked(np.array([[0.5], [0.5], [0.5]]), 0.75).ravel().tolist()
    [1.0, 0.75, 0.5]
    """
    stock = np.full(arrives.shape[1:], months)
    used = np.empty_like(arrives)
    for at, now in enumerate(arrives):
        used[at] = np.minimum(1.0, stock + now)
        stock = np.minimum(stock + now - used[at], months)
    return used


def names_known(network: Network, company: Company) -> None:
    """Refuse a company that names what the world does not have.

    Raises:
        UnknownName: with the nearest names.
    """
    for one in company.products:
        place = f"company {company.id}, product {one.id}"
        if one.plant and one.plant not in network.facilities:
            raise UnknownName(one.plant, known=network.facilities, what="plant", place=place)
        if one.product and one.product not in network.group_product:
            raise UnknownName(one.product, known=network.group_product, what="product", place=place)
        if one.region and one.region not in network.regions:
            raise UnknownName(one.region, known=network.regions, what="country", place=place)
    for material in company.materials:
        place = f"company {company.id}, material {material.id}"
        grade = material.grade or material.id
        if grade not in network.materials:
            raise UnknownName(grade, known=network.materials, what="material", place=place)
        _origins(network, [(one.origin, place) for one in material.suppliers])
    options = company.options
    dealt = [(one.origin, f"company {company.id}, option {one.id}") for one in (*options.contracts, *options.sources)]
    dealt += [(one.origin, f"company {company.id}, option {one.id}") for one in options.licences]
    dealt += [(one.origin, f"company {company.id}, option {one.id}") for one in options.stock if one.origin]
    _origins(network, dealt)


def _origins(network: Network, named: Sequence[tuple[str, str]]) -> None:
    known: Mapping[str, None] = dict.fromkeys((*network.facilities, *network.regions))
    for name, place in named:
        if name not in known:
            raise UnknownName(name, known=known, what="plant or country", place=place)


def region_of(network: Network, company: Company, product: str) -> str:
    """Country a product is built in."""
    one = company.product(product)
    if one.plant:
        return network.regions[int(network.facility_region[network.facilities.index(one.plant)])]
    return one.region
