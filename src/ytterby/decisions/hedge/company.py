"""Home to the buyer's file: products, bills of materials, stocks, suppliers, what an idle day costs, and what may be
done about it. docs/decisions-hedge.md explains every key.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from ytterby.rules import pages
from ytterby.rules.clauses import Record, Word
from ytterby.terms.errors import BadValue, UnknownName, shown

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)]
Flag = Annotated[bool, Strict()]
NotNegative = Annotated[float, Strict(), Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Strict(), Field(ge=0, le=1, allow_inf_nan=False)]
Days = Annotated[float, Strict(), Field(ge=0, le=3650, allow_inf_nan=False)]
MONTHS = (3, 60)
"""Shortest and longest plan."""


class Stated(Record):
    """What is stated by someone: on what grounds, and whether it is assumed."""

    assumed: Flag = False
    why: str = ""


class Names(Record):
    """What a reader sees."""

    en: Word
    zh: Word


class Need(Record):
    """What a unit takes of a material."""

    material: Name
    kg: Positive


class Product(Stated):
    """What a plant builds."""

    id: Name
    title: Names | None = None
    product: str = ""
    """The world's product it is one of, where it is."""
    plant: str = ""
    """The world's plant or maker it is built by; its country then is the product's."""
    region: str = ""
    """Country of the plant, as the world has it."""
    units_per_day: Positive
    growth: Annotated[float, Strict(), Field(ge=-0.9, le=5, allow_inf_nan=False)] = 0.0
    """Of units per day, a year."""
    margin: NotNegative
    """USD lost with a unit that is not built, its listed materials paid."""
    idle_day: NotNegative = 0.0
    """USD that a day costs on which nothing is built, beside the margin."""
    materials: tuple[Need, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Product:
        if not self.materials:
            raise PydanticCustomError(
                "bill", "product '{id}' has no bill of materials: list 'materials' with kg a unit", {"id": self.id}
            )
        _twice((need.material for need in self.materials), f"bill of materials of '{self.id}'")
        if not self.plant and not self.region:
            raise PydanticCustomError("product", "product '{id}' needs a 'plant' or a 'region'", {"id": self.id})
        return self


class Supplier(Stated):
    """Who delivers a material: a plant of the world, or a country."""

    origin: Name
    share: Share = 1.0
    """Of what is ordered of the material."""
    lead_days: Days = 45.0
    """From the border to the plant."""


class Material(Stated):
    """What is bought."""

    id: Name
    title: Names | None = None
    grade: str = ""
    """The world's material it is; its own id where that is one."""
    price: Positive | None = None
    """USD/kg today; without it the world's."""
    stock: NotNegative = 0.0
    """kg on hand at the start."""
    suppliers: tuple[Supplier, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> Material:
        total = sum(one.share for one in self.suppliers)
        if abs(total - 1.0) > 1e-6:
            raise PydanticCustomError(
                "shares", "the suppliers of '{id}' have shares that sum to {total}, not 1",
                {"id": self.id, "total": f"{total:g}"},
            )  # fmt: skip
        _twice((one.origin for one in self.suppliers), f"suppliers of '{self.id}'")
        return self


class Stock(Stated):
    """Extra stock bought now."""

    id: Name
    material: Name
    origin: str = ""
    """A supplier whose deliveries pass the gate like any order of hers; empty: a stock that lies outside China."""
    premium: Annotated[float, Strict(), Field(ge=-0.9, le=20, allow_inf_nan=False)] = 0.0
    """On today's price, as a share."""
    most_kg: NotNegative | None = None
    days: Days = 30.0
    """Until it is in the house; from a supplier, the days over which it is ordered."""


class Contract(Stated):
    """A fixed volume at a fixed price."""

    id: Name
    material: Name
    origin: Name
    premium: Annotated[float, Strict(), Field(ge=-0.9, le=20, allow_inf_nan=False)]
    most_kg_a_month: Positive
    days: Days
    """Until the first delivery."""
    licence_free: Flag = False
    """Whether what it delivers needs no Chinese licence at any step; then `sure` says what arrives of it."""
    sure: Share = 1.0
    fee: NotNegative = 0.0
    """USD once, whatever the volume: the qualification of a second source, for one."""


class Licence(Stated):
    """An application filed now for what a supplier in China delivers."""

    id: Name
    kind: Literal["early", "general"]
    origin: Name = "CN"
    materials: tuple[Name, ...] = ()
    """Those it covers; none named: all that come from there."""
    days: Days
    """Until it is decided."""
    valid_days: Days = 365.0
    fee: NotNegative
    """USD for all of it; half of the orders cost half of an early one, a general one costs all of it."""
    granted: Share | None = None
    """Chance that it is granted; without it the share granted in the draw."""


class Design(Stated):
    """Another way to build a product: grades without dysprosium and terbium, for one."""

    id: Name
    product: Name
    materials: tuple[Need, ...] = Field(min_length=1)
    days: Days
    """Until it can be built."""
    once: NotNegative
    """USD to make the change."""
    a_unit: NotNegative
    """USD a unit costs more, materials apart."""
    most: Share = 1.0
    """Largest share of the product's units."""


class Mix(Stated):
    """Units of one product built in place of another's on the same lines."""

    id: Name
    product: Name
    instead: Name
    """The product that is built in its place."""
    days: Days
    most: Share
    """Largest share of the product's units."""


class Options(Record):
    """What may be decided now."""

    stock: tuple[Stock, ...] = ()
    contracts: tuple[Contract, ...] = ()
    licences: tuple[Licence, ...] = ()
    sources: tuple[Contract, ...] = ()
    """Second sources: contracts that take a qualification first, at the market's price with a premium."""
    designs: tuple[Design, ...] = ()
    mix: tuple[Mix, ...] = ()

    def every(self) -> tuple[Stock | Contract | Licence | Design | Mix, ...]:
        """All of them."""
        return (*self.stock, *self.contracts, *self.licences, *self.sources, *self.designs, *self.mix)


class Risk(Record):
    """How much the bad tail counts."""

    alpha: Annotated[float, Strict(), Field(ge=0, lt=1)] = 0.9
    """The tail is the worst (1 - alpha) of the draws."""
    weight: Share = 0.5
    """Of the tail's mean beside the mean of all."""


class Company(Record):
    """A buyer and her choices."""

    id: Name
    title: Names
    about: str = ""
    scenario: str = "baseline"
    """Asked where no other is."""
    start: date
    months: Annotated[int, Strict(), Field(ge=MONTHS[0], le=MONTHS[1])] = 18
    cash: NotNegative
    """USD that may be spent now."""
    storage: NotNegative | None = None
    """kg that may lie in store after the purchases; None: no limit."""
    service: Share = 0.0
    """Least share of the plan that is to be built, in the mean of the draws."""
    holding: NotNegative = 0.1
    """Cost of a year's stock, share of its price."""
    salvage: Share = 0.8
    """What is left of a stock's price when it is sold at the end."""
    risk: Risk = Risk()
    products: tuple[Product, ...] = Field(min_length=1)
    materials: tuple[Material, ...] = Field(min_length=1)
    options: Options = Options()

    @model_validator(mode="after")
    def _sound(self) -> Company:
        _twice((one.id for one in self.products), "products")
        _twice((one.id for one in self.materials), "materials")
        _twice((one.id for one in self.options.every()), "options")
        known = {one.id for one in self.materials}
        bills: list[tuple[str, tuple[Need, ...]]] = [(one.id, one.materials) for one in self.products]
        bills += [(one.id, one.materials) for one in self.options.designs]
        named = [(need.material, f"the bill of '{owner}'") for owner, bill in bills for need in bill]
        named += [(one.material, f"option '{one.id}'") for one in self.options.stock]
        named += [(one.material, f"option '{one.id}'") for one in (*self.options.contracts, *self.options.sources)]
        for licence in self.options.licences:
            named += [(material, f"option '{licence.id}'") for material in licence.materials]
        _all_known(named, known, "material")
        products = {one.id for one in self.products}
        swaps = [(one.product, f"option '{one.id}'") for one in self.options.designs]
        for swap in self.options.mix:
            swaps += [(swap.product, f"option '{swap.id}'"), (swap.instead, f"option '{swap.id}'")]
        _all_known(swaps, products, "product")
        return self

    def product(self, name: str) -> Product:
        """One product by its id."""
        return next(one for one in self.products if one.id == name)

    def assumed(self) -> list[dict[str, str]]:
        """What of the file is marked as assumed, with its grounds: ``what`` (where it stands) and ``why``."""
        found: list[dict[str, str]] = []
        for kind, rows in (("product", self.products), ("material", self.materials), ("option", self.options.every())):
            for row in rows:
                if row.assumed:
                    found.append({"what": f"{kind} {row.id}", "why": row.why})
        found += [
            {"what": f"supplier {one.origin} of {material.id}", "why": one.why}
            for material in self.materials
            for one in material.suppliers
            if one.assumed
        ]
        return found


def _twice(names: Iterable[str], where: str) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise PydanticCustomError(
            "twice", "'{name}' stands twice among the {where}", {"name": twice[0], "where": where}
        )


def _all_known(named: Iterable[tuple[str, str]], known: set[str], what: str) -> None:
    from ytterby.terms.errors import nearest

    for name, where in named:
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(sorted(known)[:12])}"
            raise PydanticCustomError(
                "unknown", "{where} names the {what} '{name}', which the file does not have; {hint}",
                {"where": where, "what": what, "name": name, "hint": hint},
            )  # fmt: skip


FOLDER = "companies"


def _shipped() -> dict[str, Path]:
    folder = Path(str(resources.files("ytterby"))) / "data" / FOLDER
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def names(project: Path | None = None) -> dict[str, Path]:
    """Companies by name: the two examples of the package, and those in a project's folder `companies/`."""
    own = {} if project is None else {path.stem: path for path in sorted((project / FOLDER).glob("*.yaml"))}
    return _shipped() | own


def path_of(name: str | Path, project: Path | None = None) -> Path:
    """The file of a company by name or path.

    Raises:
        UnknownName, BadValue: there is none.
    """
    text = str(name)
    if text.endswith((".yaml", ".yml")) or "/" in text or "\\" in text:
        path = Path(text).expanduser()
        if not path.is_file():
            known = ", ".join(names(project))
            raise BadValue(f"no company file '{shown(text)}'", remedy=f"give a file that exists, or one of: {known}")
        return path
    known_names = names(project)
    if text not in known_names:
        raise UnknownName(text, known=known_names, what="company")
    return known_names[text]


def load(name: str | Path, project: Path | None = None) -> Company:
    """A company by the name or the path of its file.

    Raises:
        UnknownName, BadValue: there is none, or a key is wrong; file, line and key are named.
    """
    return pages.read(path_of(name, project), Company)


def schema() -> dict[str, Any]:
    """JSON Schema of the file."""
    told: dict[str, Any] = json.loads(json.dumps(Company.model_json_schema(by_alias=True)))
    return told
