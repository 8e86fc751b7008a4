"""Home to the facts of one transfer: what goes from whom to whom, what is in it, and what for.

A fact left out is unknown, not false: a verdict that hangs on it says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import BeforeValidator, Field, Strict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from ytterby.rules import pages
from ytterby.rules.clauses import EndUse, Form, Record, Symbol
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

FILLERS = frozenset({
    "H", "Li", "Be", "B", "C", "N", "O", "F", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "K", "Ca", "Ti", "V", "Cr", "Mn",
    "Fe", "Ni", "Cu", "Zn", "As", "Se", "Br", "Rb", "Sr", "Zr", "Nb", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "Sn", "I",
    "Cs", "Ba", "Hf", "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl", "Pb", "Th", "U",
})  # fmt: skip
"""Elements that fill up a magnet or an alloy and matter to no clause here."""

WHOLE = 1.0 + 1e-9
"""Mass fractions may sum to one, and a rounding."""

_FORM_OF = {
    "conc": "concentrate", "carbonate": "compound", "oxide": "oxide", "metal": "metal", "alloy": "alloy",
    "magnet": "magnet", "powder": "magnet", "blank": "magnet", "scrap": "scrap", "component": "assembly",
    "motor": "assembly", "product": "assembly",
}  # fmt: skip


OWN_FORM: Mapping[str, Form] = {"technology": "technology", "service": "service", "person": "service"}
"""The form of what moves, where it is no goods and nothing else was told."""

_RAW = frozenset({"concentrate", "oxide", "metal", "magnet", "scrap"})
"""Forms of which a thing has one only; alloys, compounds and what is made of them go by several names."""


def _percent(value: object) -> object:
    """`0.1 %` as the share 0.001; what is not a percentage stays as it is, for the schema to judge."""
    if isinstance(value, str) and value.rstrip().endswith("%"):
        try:
            return float(value.rstrip().removesuffix("%")) / 100
        except ValueError:
            return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 1 < value <= 100:
        text = "{value} is more than the whole: write a share of one ({share}) or a percentage ({value} %)"
        raise PydanticCustomError("share", text, {"value": f"{value:g}", "share": f"{value / 100:g}"})
    return value


def share(value: object) -> float:
    """A share of one from a number, or a percentage with its sign.

    Raises:
        PydanticCustomError, TypeError, ValueError: not a share.
    """
    number = float(_percent(value))  # type: ignore[arg-type]
    if not 0 <= number <= 1:
        raise ValueError(f"{value} is no share")
    return number


Share = Annotated[float, BeforeValidator(_percent), Field(ge=0, le=1, allow_inf_nan=False)]
"""A share of one; percentages carry their sign."""


def customs_code(value: object) -> object:
    """A customs code without dots and blanks."""
    code = "".join(str(value).replace(".", "").split()) if isinstance(value, (str, int)) else value
    if isinstance(code, str) and code and not (code.isdecimal() and code.isascii() and 2 <= len(code) <= 13):
        text = "'{value}' is no customs code: 2 to 13 digits, dots allowed"
        raise PydanticCustomError("customs_code", text, {"value": str(value)})
    return code


def control_code(value: object) -> object:
    """A control code as the lists write it: figure and letter large, what follows the dot small."""
    if not isinstance(value, str):
        return value
    head, dot, tail = "".join(value.split()).partition(".")
    return f"{head.upper()}{dot}{tail.lower()}"


_Customs = Annotated[str, BeforeValidator(customs_code)]
_Control = Annotated[str, BeforeValidator(control_code)]


class Item(Record):
    """The thing itself."""

    material: str = ""
    """Id or name of a material of `terms.materials`; gives form and elements where they are not told."""
    form: Literal[Form, ""] = ""
    composition: Mapping[str, Share] = Field(default_factory=dict)
    """Mass fraction by element or other controlled substance."""
    hs: _Customs = ""
    control_code: _Control = ""
    """Code of a Chinese list, where it is known; who gives one says that the item is listed."""
    value_usd: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _possible(self) -> Item:
        known = (*get_args(Symbol), *SUBSTANCES)
        for symbol in self.composition:
            if symbol not in known and symbol not in FILLERS:
                text = "'{symbol}' is no element; the controlled ones are {known}"
                raise PydanticCustomError("no_element", text, {"symbol": symbol, "known": ", ".join(known)})
        whole = sum(self.composition.values())
        if whole > WHOLE:
            text = "the mass fractions sum to {whole}: more than the whole"
            raise PydanticCustomError("composition_sum", text, {"whole": f"{whole:g}"})
        return self


class Facts(Record):
    """One transfer. Empty text and None mean: not known."""

    item: Item = Item()
    activity: Literal[Activity, ""] = ""
    """What moves; without it what the form says, else goods."""
    origin: Country = ""
    """Where the goods were made; of a person's help, where the person belongs."""
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
    end_use: Literal[EndUse, ""] = ""
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
            text = "the owners' shares sum to {whole}: more than the whole"
            raise PydanticCustomError("owners_sum", text, {"whole": f"{total:g}"})
        for error in self._contradictions():
            raise error
        return self

    def _contradictions(self) -> Iterator[PydanticCustomError]:
        origin = _country(self.origin)
        if origin == "CN" and self.china_value_share == 0 and _holds_something(self.item):
            yield _against("origin", "CN", "china_value_share", "0")
        produced = _country(self.stages.get("produced", ""))
        if origin and produced and origin != produced:
            yield _against("origin", origin, "stages.produced", produced)
        told, kind = self.item.form, self.activity
        if kind in ("technology", "service") and told and told not in (kind, "other"):
            yield _against("activity", kind, "item.form", told)
        if kind == "goods" and told in ("technology", "service"):
            yield _against("activity", kind, "item.form", told)
        if self.item.material:
            yield from self._of_material()

    def _of_material(self) -> Iterator[PydanticCustomError]:
        try:
            name = _material(self.item.material)
        except InputError:
            return  # told apart from contradictions: see `_settled`
        told, own = self.item.form, _form(name)
        if told and told != own and {told, own} <= _RAW:
            yield _against("item.material", name, "item.form", told)
        inside = self.item.composition
        pure = materials()[name].elements
        if inside and len(pure) == 1 and not any(inside.get(symbol, 0) > 0 for symbol in pure):
            text = "{one} is {value} and {other} names no {symbol}: they contradict each other"
            figures = {"one": "item.material", "value": name, "other": "item.composition", "symbol": next(iter(pure))}
            yield PydanticCustomError("lack", text, figures)

    @property
    def kind(self) -> str:
        """What moves: told, or as the form says, or goods."""
        if self.activity:
            return self.activity
        return self.item.form if self.item.form in ("technology", "service") else "goods"

    @property
    def form(self) -> str:
        """Form told, or that of the material or of the activity; empty where none is."""
        if self.item.form:
            return self.item.form
        if self.item.material:
            return _form(_material(self.item.material))
        return OWN_FORM.get(self.activity, "")

    @property
    def elements(self) -> frozenset[str] | None:
        """Listed elements and substances in it at all; None where nobody says."""
        if self.item.composition:
            return frozenset(symbol for symbol, share in self.item.composition.items() if share > 0)
        if self.item.material:
            found = materials()[_material(self.item.material)].elements
            return frozenset(found) if found else None
        return None


def _against(one: str, value: str, other: str, second: str) -> PydanticCustomError:
    """Two facts that cannot both be so, each with what was told."""
    text = "{one} is {value} and {other} is {second}: they contradict each other"
    return PydanticCustomError("contradiction", text, {"one": one, "value": value, "other": other, "second": second})


def _holds_something(item: Item) -> bool:
    return any(symbol in get_args(Symbol) and share > 0 for symbol, share in item.composition.items())


def _country(name: str) -> str:
    try:
        return place(name).code if name else ""
    except InputError:
        return ""  # named as unknown by `_settled`, with its place


def _form(name: str) -> str:
    return _FORM_OF.get(name.partition(".")[0], "other")


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
    return read(text, where)


def load(path: Path) -> Facts:
    """Facts from a YAML file; errors name file, line and key."""
    return read(pages.text_of(path), path.name)


def read(text: str, where: str) -> Facts:
    """Facts from the text of a YAML file, `where` its name; errors as for `of`, with line and key."""
    return _settled(pages.typed(pages.compose(text, where), Facts), where)


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
