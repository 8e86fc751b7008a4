"""Home to the facts of one transfer: what goes from whom to whom, what is in it, and what for.

A fact left out is unknown, not false: a verdict that hangs on it says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import Field, Strict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from ytterby.rules import pages
from ytterby.rules.clauses import EndUse, Form, Record, Share, Symbol
from ytterby.terms.errors import BadValue, InputError, UnknownName
from ytterby.terms.materials import material, materials
from ytterby.terms.places import place

Country = str
"""ISO 3166-1 alpha-2, or any name `terms.places` knows."""

Activity = Literal["goods", "technology", "service", "person"]
Stage = Literal["mined", "refined", "melted", "produced"]
SUBSTANCES = (
    "Ga", "Ge", "Sb", "W", "Te", "Bi", "Mo", "In", "Ta", "Co", "graphite", "superhard", "lithium_battery",
)  # fmt: skip
"""Controlled substances that are no rare earths."""

WHOLE = 1.0 + 1e-9
"""Mass fractions may sum to one, and a rounding."""

_FORM_OF = {
    "conc": "concentrate", "carbonate": "compound", "oxide": "oxide", "metal": "metal", "alloy": "alloy",
    "magnet": "magnet", "powder": "magnet", "blank": "magnet", "scrap": "scrap", "component": "assembly",
    "motor": "assembly", "product": "assembly",
}  # fmt: skip


class Item(Record):
    """The thing itself."""

    material: str = ""
    """Id or name of a material of `terms.materials`; gives form and elements where they are not told."""
    form: Form | Literal[""] = ""
    composition: Mapping[str, Share] = Field(default_factory=dict)
    """Mass fraction by element or other controlled substance."""
    hs: str = ""
    control_code: str = ""
    value_usd: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _possible(self) -> Item:
        known = (*get_args(Symbol), *SUBSTANCES)
        for symbol in self.composition:
            # B, Fe and the like fill up a magnet and matter to no clause.
            if symbol not in known and not (symbol.isalpha() and len(symbol) <= 2):
                text = f"'{symbol}' is no element; the controlled ones are {', '.join(known)}"
                raise PydanticCustomError("composition", "{text}", {"text": text})
        whole = sum(self.composition.values())
        if whole > WHOLE:
            text = f"the mass fractions sum to {whole:g}: more than the whole"
            raise PydanticCustomError("composition", "{text}", {"text": text})
        return self


class Facts(Record):
    """One transfer. Empty text and None mean: not known."""

    item: Item = Item()
    activity: Activity = "goods"
    origin: Country = ""
    """Where the goods were made."""
    technology_origin: Country = ""
    """Whose technology of the chain (mining, separation, smelting, magnet making, recycling) they were made with."""
    since: Country = Field("", alias="from")
    """Where they leave from."""
    to: Country = ""
    """Where they go."""
    exporter: str = ""
    consignee: str = ""
    end_user: str = ""
    owners: Mapping[str, Share] = Field(default_factory=dict)
    """Who holds the end user, with shares."""
    end_use: EndUse | Literal[""] = ""
    china_value_share: Share | None = None
    """Value of Chinese listed items over the value of the goods."""
    stages: Mapping[Stage, Country] = Field(default_factory=dict)
    """Where each earlier stage was."""
    cots: Annotated[bool, Strict()] | None = None
    """Whether it is a commercial off-the-shelf item."""
    contract: Literal["", "us_dod", "none"] = ""
    """Whose procurement it is delivered under."""
    helps_rare_earths_abroad: Annotated[bool, Strict()] | None = None
    """Whether the exporter knows that it serves mining, separation, smelting, magnet making or recycling abroad."""
    day: date | None = Field(None, alias="date")
    """Day of the transfer, where the question names none."""

    @model_validator(mode="after")
    def _consistent(self) -> Facts:
        total = sum(self.owners.values())
        if total > WHOLE:
            text = f"the owners' shares sum to {total:g}: more than the whole"
            raise PydanticCustomError("owners", "{text}", {"text": text})
        if self.origin == "CN" and self.china_value_share == 0 and _holds_something(self.item):
            text = "origin is CN and china_value_share is 0: they contradict each other"
            raise PydanticCustomError("facts", "{text}", {"text": text})
        return self

    @property
    def form(self) -> str:
        """Form told, or that of the material; empty where neither is."""
        if self.item.form or not self.item.material:
            return self.item.form
        return _FORM_OF.get(_material(self.item.material).partition(".")[0], "other")

    @property
    def elements(self) -> frozenset[str] | None:
        """Listed elements and substances in it at all; None where nobody says."""
        if self.item.composition:
            return frozenset(symbol for symbol, share in self.item.composition.items() if share > 0)
        if self.item.material:
            found = materials()[_material(self.item.material)].elements
            return frozenset(found) if found else None
        return None


def _holds_something(item: Item) -> bool:
    return any(symbol in get_args(Symbol) and share > 0 for symbol, share in item.composition.items())


@cache
def _material(name: str) -> str:
    return material(name).id


def of(record: Mapping[str, Any] | Facts, where: str = "the facts") -> Facts:
    """Facts from plain values; places may be codes or names in English or Chinese.

    Raises:
        UnknownName: a key, country, material or element nobody knows, with the nearest ones.
        BadValue: a value that cannot be, e.g. a composition above the whole.
    """
    if isinstance(record, Facts):
        return record
    text = yaml.safe_dump(dict(record), allow_unicode=True, sort_keys=False)
    return _settled(pages.typed(pages.compose(text, where), Facts), where)


def load(path: Path) -> Facts:
    """Facts from a YAML file; errors name file, line and key."""
    return _settled(pages.read(path, Facts), path.name)


def _settled(facts: Facts, where: str) -> Facts:
    """The same facts with codes for names; a country or material nobody knows is refused."""
    changed: dict[str, Any] = {}
    for key in ("origin", "technology_origin", "since", "to"):
        name = getattr(facts, key)
        if name:
            changed[key] = place(name, f"{where}, {'from' if key == 'since' else key}").code
    changed["stages"] = {stage: place(name, f"{where}, stages.{stage}").code for stage, name in facts.stages.items()}
    if facts.item.material:
        changed["item"] = facts.item.model_copy(update={"material": _named(facts.item.material, where)})
    try:
        return Facts.model_validate({**dict(facts), **changed})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadValue(str(first["msg"]), place=where, remedy="mend the one that is wrong") from None


def _named(name: str, where: str) -> str:
    try:
        return _material(name)
    except InputError as error:
        raise UnknownName(name, list(materials()), "material", f"{where}, item.material") from error
