"""Home to the seventeen rare-earth elements: weights, oxides as traded, names, and REO conversion.

`ELEMENTS` is the element axis of every array of Ytterby. Atomic weights are the abridged standard values of
IUPAC 2021 (Pm has none; the mass number of its longest-lived isotope stands in).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ytterby.terms.errors import UnknownName

OXYGEN = 15.999
"""Standard atomic weight of oxygen, abridged (IUPAC 2021)."""


@dataclass(frozen=True)
class Element:
    """One rare-earth element."""

    symbol: str
    number: int
    weight: float
    """Standard atomic weight."""
    metal_atoms: int
    """Atoms of metal in the formula of the oxide as traded."""
    oxygen_atoms: int
    en: str
    zh: str
    """Simplified Chinese."""
    zh_hant: tuple[str, ...]
    """Traditional forms, the commonest first."""
    group: Literal["light", "heavy"]

    @property
    def oxide(self) -> str:
        """Formula of the oxide as traded, e.g. ``Pr6O11``."""
        metal = self.symbol + (str(self.metal_atoms) if self.metal_atoms > 1 else "")
        return metal + "O" + (str(self.oxygen_atoms) if self.oxygen_atoms > 1 else "")

    @property
    def metal_in_oxide(self) -> float:
        """Tonnes of metal in a tonne of the oxide as traded."""
        metal = self.metal_atoms * self.weight
        return metal / (metal + self.oxygen_atoms * OXYGEN)


_ROWS: tuple[tuple[str, int, float, int, int, str, str, str], ...] = (
    ("La", 57, 138.91, 2, 3, "lanthanum", "镧", "鑭"),
    ("Ce", 58, 140.12, 1, 2, "cerium", "铈", "鈰"),
    ("Pr", 59, 140.91, 6, 11, "praseodymium", "镨", "鐠"),
    ("Nd", 60, 144.24, 2, 3, "neodymium", "钕", "釹"),
    ("Pm", 61, 145.0, 2, 3, "promethium", "钷", "鉕"),
    ("Sm", 62, 150.36, 2, 3, "samarium", "钐", "釤"),
    ("Eu", 63, 151.96, 2, 3, "europium", "铕", "銪"),
    ("Gd", 64, 157.25, 2, 3, "gadolinium", "钆", "釓"),
    ("Tb", 65, 158.93, 4, 7, "terbium", "铽", "鋱"),
    ("Dy", 66, 162.50, 2, 3, "dysprosium", "镝", "鏑"),
    ("Ho", 67, 164.93, 2, 3, "holmium", "钬", "鈥"),
    ("Er", 68, 167.26, 2, 3, "erbium", "铒", "鉺"),
    ("Tm", 69, 168.93, 2, 3, "thulium", "铥", "銩"),
    ("Yb", 70, 173.05, 2, 3, "ytterbium", "镱", "鐿"),
    ("Lu", 71, 174.97, 2, 3, "lutetium", "镥", "鎦,鑥"),
    ("Y", 39, 88.906, 2, 3, "yttrium", "钇", "釔"),
    ("Sc", 21, 44.956, 2, 3, "scandium", "钪", "鈧"),
)
_LIGHT = frozenset(("La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Sc"))

RECORDS: Mapping[str, Element] = {
    s: Element(s, z, w, m, o, en, zh, tuple(hant.split(",")), "light" if s in _LIGHT else "heavy")
    for s, z, w, m, o, en, zh, hant in _ROWS
}
"""Symbol to record, in axis order."""

ELEMENTS: tuple[str, ...] = tuple(RECORDS)
"""The element axis: 17 symbols."""

INDEX: Mapping[str, int] = {symbol: place for place, symbol in enumerate(ELEMENTS)}
"""Symbol to its place on the element axis."""

METAL_IN_OXIDE: tuple[float, ...] = tuple(record.metal_in_oxide for record in RECORDS.values())
"""Tonnes of metal per tonne of oxide, along the element axis."""


def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for record in RECORDS.values():
        short = record.oxide.replace("6O11", "2O3").replace("4O7", "2O3").replace("CeO2", "Ce2O3")
        forms = [record.symbol, record.en, record.zh, *record.zh_hant, record.oxide, short, f"{record.en} oxide"]
        forms += [f"氧化{zh}" for zh in (record.zh, *record.zh_hant)]
        forms += [f"{record.symbol} oxide", f"{record.en} metal", f"{record.symbol} metal"]
        forms += [f"金属{record.zh}", *(f"金屬{zh}" for zh in record.zh_hant)]
        names |= {form.casefold(): record.symbol for form in forms}
    names |= {"ceria": "Ce", "yttria": "Y", "lanthana": "La", "scandia": "Sc"}
    return names


_BY_NAME = _names()


def element(text: str, place: str = "") -> Element:
    """The element named by symbol, English or Chinese name (either script) or oxide; raises `UnknownName`.

    >>> [element(t).symbol for t in ("Nd", "neodymium", "钕", "釹", "Nd2O3", "氧化钕")]
    ['Nd', 'Nd', 'Nd', 'Nd', 'Nd', 'Nd']
    """
    symbol = _BY_NAME.get(text.strip().casefold())
    if symbol is None:
        known = [form for record in RECORDS.values() for form in (record.symbol, record.en)]
        raise UnknownName(text, known, "rare-earth element", place)
    return RECORDS[symbol]


def metal_in_oxide(symbol: str) -> float:
    """Tonnes of metal in a tonne of the oxide as traded (stoichiometric).

    >>> round(metal_in_oxide("Nd"), 4)
    0.8574
    """
    return element(symbol).metal_in_oxide


def oxide_per_metal(symbol: str) -> float:
    """Tonnes of oxide that hold a tonne of metal (stoichiometric)."""
    return 1.0 / element(symbol).metal_in_oxide


def oxide_name(symbol: str) -> str:
    """Formula of the oxide as traded, e.g. ``Tb4O7``."""
    return element(symbol).oxide


def to_reo(metal: Mapping[str, float]) -> dict[str, float]:
    """Masses of contained element, by symbol, as masses of oxide (REO); any mass unit, kept."""
    return {symbol: mass * oxide_per_metal(symbol) for symbol, mass in metal.items()}


def from_reo(oxide: Mapping[str, float]) -> dict[str, float]:
    """Masses of oxide (REO), by symbol, as masses of contained element; any mass unit, kept."""
    return {symbol: mass * metal_in_oxide(symbol) for symbol, mass in oxide.items()}


def vector(masses: Mapping[str, float], place: str = "") -> tuple[float, ...]:
    """A composition by element name as a tuple along the element axis, zero where nothing is given."""
    row = [0.0] * len(ELEMENTS)
    for name, mass in masses.items():
        row[INDEX[element(name, place).symbol]] += mass
    return tuple(row)
