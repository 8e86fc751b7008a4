"""Home to the case: a company and an outlook made into arrays that a programme and a player both read.

Every order is a share of what a product's plan needs of a material. A flow is one way to fill it: the supplier as
today, the same supplier under a licence applied for now, or a contract in her place from a month on. What is
ordered and does not pass waits, and passes when there is room. Shares of flows are what is decided, and what arrives is
linear in them.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.decisions.hedge import arrivals
from ytterby.decisions.hedge.arrivals import MONTH, Outlook
from ytterby.decisions.hedge.company import Company, Contract, Licence, Material, Stock, Supplier
from ytterby.terms.errors import BadValue

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Variant:
    """A product built one way."""

    product: int
    design: str
    """Option that makes it; empty for the product as it is."""
    start: int
    """Month from which it differs from the product as it is."""
    most: float
    """Largest share of the product's plan."""
    need: Floats
    """(month, material) kg for all of the product's plan."""
    extra: Floats
    """(month,) USD that all of the product's plan costs more, materials apart."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One way to fill a variant's need of a material."""

    variant: int
    material: int
    supplier: int
    kind: str
    """``regular``, ``early``, ``general``, ``contract``, ``source``."""
    option: str
    origin: str
    start: int
    """Month from which it is in force; before, the supplier delivers as today."""
    before: Floats
    """(draw, month) share of the orders that passes as today."""
    after: Floats
    """(draw, month) share of the orders that passes under the option."""
    price_before: Floats
    """(draw, month) USD/kg."""
    price_after: Floats
    fee: float
    """USD for all of the flow, where it grows with its volume."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """Extra stock that may be bought now."""

    option: str
    material: int
    origin: str
    months: int
    """Over which it is ordered, or until it is there."""
    passes: Floats
    """(draw, month) share of an order that passes; ones for a stock outside China."""
    price: float
    """USD/kg."""
    most: float
    """kg, inf without a limit."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is done whole or not at all."""

    option: str
    kind: str
    cost: float
    flows: tuple[int, ...]
    variants: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cap:
    """A contract's largest volume: the sum of kg a month over its flows."""

    option: str
    flows: tuple[int, ...]
    most: float


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a programme and a player need. Axes: draw, month, material, product, variant, flow."""

    company: Company
    periods: tuple[str, ...]
    starts: tuple[str, ...]
    chance: Floats
    """(draw,) probability."""
    price: Floats
    """(material,) USD/kg at the start."""
    stock: Floats
    """(material,) kg on hand."""
    plan: Floats
    """(product, month) units."""
    loss: Floats
    """(product,) USD lost with a unit that is not built: its margin and its share of an idle day."""
    gross: Floats
    """(product,) USD a unit brings before its listed materials are paid, idle day included."""
    variants: tuple[Variant, ...]
    flows: tuple[Flow, ...]
    purchases: tuple[Purchase, ...]
    steps: tuple[Step, ...]
    caps: tuple[Cap, ...]
    regions: tuple[str, ...]
    """(product,) country."""

    @property
    def draws(self) -> int:
        """How many draws."""
        return len(self.chance)

    @property
    def months(self) -> int:
        """How many months."""
        return len(self.periods)

    def ordered(self, flow: Flow) -> Floats:
        """Kg ordered by month where the flow fills all of its variant's need, (month,)."""
        return self.variants[flow.variant].need[:, flow.material]

    def budgeted(self) -> float:
        """USD that the plan's materials cost at the prices of the start, the products as they are."""
        base = [one for one in self.variants if not one.design]
        return float(sum((one.need @ self.price).sum() for one in base))

    def taken(self, draws: Sequence[int] | NDArray[np.int64], chance: Floats) -> Case:
        """The same case on some of its draws, with the chances given (draw,)."""
        rows = np.asarray(draws)
        flows = tuple(
            dataclasses.replace(
                one, before=one.before[rows], after=one.after[rows], price_before=one.price_before[rows],
                price_after=one.price_after[rows],
            )
            for one in self.flows
        )  # fmt: skip
        purchases = tuple(dataclasses.replace(one, passes=one.passes[rows]) for one in self.purchases)
        return dataclasses.replace(self, chance=np.asarray(chance), flows=flows, purchases=purchases)


def build(company: Company, outlook: Outlook) -> Case:
    """The case of a company in an outlook.

    Raises:
        UnknownName: the company names what the world does not have.
        BadValue: a price nobody gives, an option for a supplier the material does not have.
    """
    network = outlook.network
    arrivals.names_known(network, company)
    materials = {one.id: at for at, one in enumerate(company.materials)}
    regions = tuple(arrivals.region_of(network, company, one.id) for one in company.products)
    days = _days(outlook)
    years = (np.cumsum(days) - days / 2) / 365.25
    plan = np.stack([one.units_per_day * days * (1.0 + one.growth) ** years for one in company.products])
    price = np.array([_price(one, outlook, _home(company, regions, one.id)) for one in company.materials])
    variants = _variants(company, plan, materials, price)
    loss = np.array([one.margin + one.idle_day / one.units_per_day for one in company.products])
    bills = np.array([sum(n.kg * price[materials[n.material]] for n in one.materials) for one in company.products])
    flows = _flows(company, outlook, variants, materials, price, regions)
    case = Case(
        company, outlook.periods, outlook.starts, np.full(outlook.draws, 1.0 / outlook.draws), price,
        np.array([one.stock for one in company.materials]), plan, loss, loss + bills, tuple(variants), tuple(flows),
        tuple(_purchases(company, outlook, materials, price, regions)), (), (), regions,
    )  # fmt: skip
    return _bound(case)


def passed(orders: Floats, room: Floats) -> Floats:
    """What passes month by month of orders that wait where there is no room, in closed form.

    The queue's length is its net inflow less the lowest it ever stood at (Skorokhod's reflection; Lindley 1952).

    Args:
        orders: (month,) ordered.
        room: (draw, month) most that may pass.
    """
    net = np.cumsum(orders - room, axis=-1)
    waiting = net - np.minimum(np.minimum.accumulate(net, axis=-1), 0.0)
    out = np.diff(np.cumsum(np.broadcast_to(orders, room.shape), axis=-1) - waiting, axis=-1, prepend=0.0)
    return np.asarray(np.maximum(out, 0.0))


def arriving(case: Case, flow: Flow) -> tuple[Floats, Floats]:
    """Kg that arrive by (draw, month) where the flow fills all of its need: as ordered before, and under the option."""
    orders = case.ordered(flow)
    early = np.where(np.arange(case.months) < flow.start, orders, 0.0)
    if flow.kind in ("regular", "early", "general"):
        # a licence also lets go what waited
        share = np.where(np.arange(case.months) < flow.start, flow.before, flow.after)
        return np.zeros_like(flow.before), passed(orders, share * orders)
    return passed(early, flow.before * orders), passed(orders - early, flow.after * orders)


def bought(case: Case, purchase: Purchase) -> Floats:
    """Kg that arrive of each kg bought, (draw, month)."""
    months = max(1, min(purchase.months, case.months))
    if not purchase.origin:
        at = np.zeros((case.draws, case.months))
        at[:, months - 1] = 1.0
        return at
    orders = np.where(np.arange(case.months) < months, 1.0 / months, 0.0)
    return passed(orders, purchase.passes / months)


def _days(outlook: Outlook) -> Floats:
    begin = outlook.start.replace(day=1)
    edges = [arrivals.add_months(begin, k) for k in range(outlook.months + 1)]
    return np.array([(after - before).days for before, after in itertools.pairwise(edges)], dtype=np.float64)


def _home(company: Company, regions: Sequence[str], material: str) -> str:
    """The country a material is used in: that of the first product that takes it."""
    for one, region in zip(company.products, regions, strict=True):
        if any(need.material == material for need in one.materials):
            return region
    for design in company.options.designs:
        if any(need.material == material for need in design.materials):
            return regions[[one.id for one in company.products].index(design.product)]
    return regions[0]


def _price(material: Material, outlook: Outlook, region: str) -> float:
    if material.price is not None:
        return material.price
    told = outlook.price(material.grade or material.id, region)[1]
    if not math.isfinite(told):
        raise BadValue(
            f"the world has no price of {material.grade or material.id}", place=f"material {material.id}",
            remedy="give its 'price' in USD/kg",
        )  # fmt: skip
    return told


def _month(days: float, least: int = 0) -> int:
    return max(least, math.ceil(days / MONTH - 1e-9))


def _variants(company: Company, plan: Floats, materials: dict[str, int], price: Floats) -> list[Variant]:
    months = plan.shape[1]

    def bill(needs: Sequence[object]) -> Floats:
        row = np.zeros(len(materials))
        for need in needs:
            row[materials[need.material]] += need.kg  # type: ignore[attr-defined]
        return row

    found: list[Variant] = []
    order = {one.id: at for at, one in enumerate(company.products)}
    base = {one.id: bill(one.materials) for one in company.products}
    for at, one in enumerate(company.products):
        found.append(Variant(at, "", 0, 1.0, plan[at][:, None] * base[one.id], np.zeros(months)))
    rows = [
        (one.id, one.product, bill(one.materials), one.days, one.most, one.a_unit) for one in company.options.designs
    ]
    for swap in company.options.mix:
        one, other = company.product(swap.product), company.product(swap.instead)
        # what the other brings less is the cost of the swap, its materials counted as they come
        cost = (one.margin + float(base[one.id] @ price)) - (other.margin + float(base[other.id] @ price))
        rows.append((swap.id, swap.product, base[other.id], swap.days, swap.most, cost))
    for name, product, needs, days, most, a_unit in rows:
        at, start = order[product], min(_month(days), months)
        later = np.arange(months) >= start
        need = plan[at][:, None] * np.where(later[:, None], needs, base[product])
        found.append(Variant(at, name, start, most, need, np.where(later, plan[at] * a_unit, 0.0)))
    return found


def _flows(
    company: Company, outlook: Outlook, variants: Sequence[Variant], materials: dict[str, int], price: Floats,
    regions: Sequence[str],
) -> list[Flow]:  # fmt: skip
    found: list[Flow] = []
    for row, variant in enumerate(variants):
        region = regions[variant.product]
        for material in company.materials:
            at = materials[material.id]
            if not variant.need[:, at].any():
                continue
            trend = outlook.price(material.grade or material.id, region)[0] * price[at]
            for number, supplier in enumerate(material.suppliers):
                maker = _Maker(company, outlook, material, supplier, region, trend, price[at])
                found += [Flow(row, at, number, *rest) for rest in maker.ways(number == _largest(material))]
    return found


def _largest(material: Material) -> int:
    return max(range(len(material.suppliers)), key=lambda k: (material.suppliers[k].share, -k))


@dataclass(frozen=True, slots=True)
class _Maker:
    """The ways to fill what is ordered from one supplier."""

    company: Company
    outlook: Outlook
    material: Material
    supplier: Supplier
    region: str
    trend: Floats
    price: float

    def ways(self, largest: bool) -> list[tuple[str, str, str, int, Floats, Floats, Floats, Floats, float]]:  # noqa: FBT001
        grade = self.material.grade or self.material.id
        lead = round(self.supplier.lead_days / MONTH)
        today = self.outlook.share(self.supplier.origin, self.region, grade, lead)
        found = [("regular", "", self.supplier.origin, 0, today, today, self.trend, self.trend, 0.0)]
        for licence in self.company.options.licences:
            if self._covers(licence):
                found.append(self._licensed(licence, today))
        if largest:
            for kind, rows in (("contract", self.company.options.contracts), ("source", self.company.options.sources)):
                found += [self._dealt(kind, one, today, grade) for one in rows if one.material == self.material.id]
        return found

    def _covers(self, licence: Licence) -> bool:
        if licence.materials and self.material.id not in licence.materials:
            return False
        if licence.origin == self.supplier.origin:
            return True
        n = self.outlook.network
        if self.supplier.origin not in n.facilities:
            return False
        plant = n.facilities.index(self.supplier.origin)
        return n.regions[int(n.facility_region[plant])] == licence.origin

    def _licensed(
        self, licence: Licence, today: Floats
    ) -> tuple[str, str, str, int, Floats, Floats, Floats, Floats, float]:
        start = _month(licence.days)
        until = start + max(1, _month(licence.valid_days))
        if licence.granted is None:
            granted = self.outlook.granted(self.region, max(start, 1))
        else:
            granted = np.full(self.outlook.draws, licence.granted)
        at = np.arange(self.outlook.months)
        lifted = today + np.maximum(1.0 - today, 0.0) * granted[:, None]
        after = np.where((at >= start) & (at < until), lifted, today)
        origin, trend = self.supplier.origin, self.trend
        fee = licence.fee if licence.kind == "early" else 0.0
        return (licence.kind, licence.id, origin, start, today, after, trend, trend, fee)

    def _dealt(
        self, kind: str, one: Contract, today: Floats, grade: str
    ) -> tuple[str, str, str, int, Floats, Floats, Floats, Floats, float]:
        if one.licence_free:
            self.outlook.known(one.origin, self.region, grade)
            after = np.full_like(today, one.sure)
        else:
            after = self.outlook.share(one.origin, self.region, grade) * one.sure
        fixed = np.full_like(self.trend, self.price) if kind == "contract" else self.trend
        return (kind, one.id, one.origin, _month(one.days), today, after, self.trend, fixed * (1.0 + one.premium), 0.0)


def _purchases(
    company: Company, outlook: Outlook, materials: dict[str, int], price: Floats, regions: Sequence[str]
) -> list[Purchase]:
    """What may be bought now; a material without an option of its own may be ordered from its largest supplier."""
    named = {one.material for one in company.options.stock}
    rows: list[Stock] = list(company.options.stock)
    for material in company.materials:
        if material.id not in named:
            origin = material.suppliers[_largest(material)].origin
            rows.append(Stock(id=f"more-{material.id}", material=material.id, origin=origin, days=90.0))
    found = []
    by_id = {one.id: one for one in company.materials}
    for one in rows:
        material = by_id[one.material]
        region = _home(company, regions, material.id)
        months = _month(one.days, least=1)
        if one.origin:
            passes = outlook.share(one.origin, region, material.grade or material.id)
        else:
            passes = np.ones((outlook.draws, outlook.months))
        at = materials[material.id]
        most = math.inf if one.most_kg is None else one.most_kg
        paid = float(price[at] * (1.0 + one.premium))
        found.append(Purchase(one.id, at, one.origin, months, passes, paid, most))
    return found


def _bound(case: Case) -> Case:
    """The case with what is done whole or not at all, the limits of contracts, and fees shared over their flows."""
    options = case.company.options
    by_option: dict[str, list[int]] = {}
    for at, flow in enumerate(case.flows):
        by_option.setdefault(flow.option, []).append(at)
    steps, caps = [], []
    for kind, rows in (("contract", options.contracts), ("source", options.sources)):
        for one in rows:
            chosen = tuple(by_option.get(one.id, ()))
            caps.append(Cap(one.id, chosen, one.most_kg_a_month))
            if one.fee > 0:
                steps.append(Step(one.id, kind, one.fee, chosen, ()))
    steps += [
        Step(one.id, "general", one.fee, tuple(by_option.get(one.id, ())), ())
        for one in options.licences
        if one.kind == "general" and one.fee > 0
    ]
    for design in options.designs:
        if design.once > 0:
            made = tuple(at for at, variant in enumerate(case.variants) if variant.design == design.id)
            steps.append(Step(design.id, "design", design.once, (), made))
    flows = list(case.flows)
    for licence in options.licences:
        covered = by_option.get(licence.id, [])
        base = [at for at in covered if not case.variants[flows[at].variant].design]
        whole = sum(_kg(case, flows[at]) * _part(case, flows[at]) for at in base)
        for at in covered:
            fee = flows[at].fee * _kg(case, flows[at]) / whole if whole > 0 else 0.0
            flows[at] = dataclasses.replace(flows[at], fee=fee)
    return dataclasses.replace(case, flows=tuple(flows), steps=tuple(steps), caps=tuple(caps))


def _kg(case: Case, flow: Flow) -> float:
    return float(case.ordered(flow).sum())


def _part(case: Case, flow: Flow) -> float:
    return case.company.materials[flow.material].suppliers[flow.supplier].share
