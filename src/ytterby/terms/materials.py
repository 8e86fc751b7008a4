"""Home to materials as they are traded, and to the grades of magnets with what is in them.

A material's id is ``form.kind``: ``oxide.Nd``, ``metal.NdPr``, ``alloy.UH``, ``magnet.SmCo``. Its unit says what its
tonnes are tonnes of. HS codes are the international six digits; national lines below them differ and are not kept.
Grade compositions are mass shares of the finished magnet; those marked `assumed` come from memory of trade practice,
not from an opened source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from ytterby.terms.elements import INDEX, RECORDS
from ytterby.terms.errors import UnknownName
from ytterby.terms.stages import STAGES
from ytterby.terms.tables import rows, several
from ytterby.terms.text import fold


@dataclass(frozen=True)
class Material:
    """One material as traded."""

    id: str
    stage: str
    unit: str
    en: str
    zh: str
    synonyms: tuple[str, ...]
    """Other names, English and Chinese, both scripts."""
    hs: tuple[str, ...]
    """Headings of the Harmonized System it is usually declared under, six digits; empty where not settled."""
    elements: tuple[str, ...]
    """Rare earths it may contain, in axis order; empty where that hangs on the deposit."""

    @property
    def form(self) -> str:
        """The part of the id before the dot: concentrate, carbonate, oxide, metal, alloy, magnet, scrap ..."""
        return self.id.partition(".")[0]


@dataclass(frozen=True)
class Content:
    """How much of one constituent is in a grade, as mass share."""

    share: float
    low: float | None
    """Least share seen, e.g. with grain-boundary diffusion."""
    assumed: bool


@dataclass(frozen=True)
class Grade:
    """A grade of permanent magnet."""

    id: str
    family: str
    """``NdFeB`` or ``SmCo``."""
    material: str
    """The magnet class it belongs to, as a material id."""
    en: str
    zh: str
    max_temperature: float
    """Highest working temperature, °C."""
    contents: Mapping[str, Content]
    """By constituent: rare earths, other metals, and ``other``."""

    @property
    def rare_earths(self) -> dict[str, float]:
        """Mass share of each rare earth it contains, by symbol in axis order."""
        held = {symbol: one.share for symbol, one in self.contents.items() if symbol in RECORDS and one.share > 0}
        return dict(sorted(held.items(), key=lambda item: INDEX[item[0]]))

    @property
    def assumed(self) -> bool:
        """Whether any of its contents is assumed."""
        return any(content.assumed for content in self.contents.values())


@cache
def materials() -> Mapping[str, Material]:
    """All materials by id, from the mine on."""
    order = {stage.id: stage.order for stage in STAGES}
    found = sorted((_material(row) for row in rows("materials")), key=lambda one: order[one.stage])
    return MappingProxyType({one.id: one for one in found})


@cache
def grades() -> Mapping[str, Grade]:
    """All magnet grades by id, from the weakest against heat on."""
    contents: dict[str, dict[str, Content]] = {}
    for row in rows("compositions"):
        low = _share(row["low"]) if row["low"] else None
        content = Content(_share(row["wt_pct"]), low, row["assumed"] == "1")
        contents.setdefault(row["grade"], {})[row["constituent"]] = content
    return MappingProxyType({row["id"]: _grade(row, contents[row["id"]]) for row in rows("grades")})


def material(text: str, place: str = "") -> Material:
    """The material of an id, an English or Chinese name or a synonym; raises `UnknownName`.

    >>> material("氧化鏑").id, material("NdPr metal").id, material("Nd2O3").id
    ('oxide.Dy', 'metal.NdPr', 'oxide.Nd')
    """
    found = _by_name().get(_key(text))
    if found is None:
        raise UnknownName(text, [form for one in materials().values() for form in (one.id, one.en)], "material", place)
    return materials()[found]


def grade(text: str, place: str = "") -> Grade:
    """The grade of that name, case and spaces aside; raises `UnknownName`."""
    key = _key(text).replace(" ", "").replace("-", "")
    for one in grades().values():
        if key in (one.id.casefold(), one.id.replace("_", "").casefold()):
            return one
    raise UnknownName(text, grades(), "magnet grade", place)


def _material(row: dict[str, str]) -> Material:
    return Material(
        id=row["id"],
        stage=row["stage"],
        unit=row["unit"],
        en=row["en"],
        zh=row["zh"],
        synonyms=several(row["synonyms"]),
        hs=several(row["hs"]),
        elements=tuple(row["elements"].split()),
    )


def _grade(row: dict[str, str], contents: dict[str, Content]) -> Grade:
    return Grade(
        id=row["id"],
        family=row["family"],
        material=row["material"],
        en=row["en"],
        zh=row["zh"],
        max_temperature=float(row["max_c"]),
        contents=MappingProxyType(contents),
    )


def _share(percent: str) -> float:
    return round(float(percent) / 100, 8)


def _key(text: str) -> str:
    return " ".join(fold(text).casefold().split())


@cache
def _by_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for one in materials().values():
        for form in (one.id, one.en, one.zh, *one.synonyms):
            names.setdefault(_key(form), one.id)
    return names
