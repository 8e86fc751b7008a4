"""Home to the entity: one thing that bears a name, and the tables it is read from."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple, get_args

from ytterby.terms.tables import several

Kind = Literal[
    "company",
    "agency",
    "government",
    "organisation",
    "analyst",
    "outlet",
    "instrument",
    "mine",
    "plant",
    "country",
    "place",
    "product",
    "material",
    "person",
    "stage",
]
KINDS: tuple[str, ...] = get_args(Kind)
"""What a name may stand for. ``country`` is a state as a place, ``government`` the same state as one who acts."""

TABLES: tuple[str, ...] = (
    "companies",
    "makers",
    "users",
    "bodies",
    "press",
    "instruments",
    "sites",
    "regions",
    "products",
    "matter",
)
"""Tables of entities under ``data/names``; people, offices, country words and contexts have tables of their own."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing that bears a name."""

    id: str
    kind: Kind
    en: str
    """Short English name, as a claim's subject bears it."""
    zh: str
    aliases: tuple[str, ...] = ()
    """Every other name; Chinese ones in either script."""
    place: str = ""
    """Country it belongs to (ISO 3166-1 alpha-2, EU, WLD); of a government or a country: itself."""
    parent: str = ""
    """Id of the entity that owns it or holds it."""
    note: str = ""
    material: str = ""
    """Of a material: its id in `terms.materials`."""
    elements: tuple[str, ...] = ()
    """Of a material: the rare earths it names, as symbols."""
    stage: str = ""
    """Id in `terms.stages`."""
    group: str = ""
    """Of materials and products: what they are counted with ("magnets", "heavy rare earths", "defence")."""
    facility: str = ""
    """Id in the world's table of facilities, where it is one."""

    @property
    def names(self) -> tuple[str, ...]:
        """All its names, each once: English, Chinese, then the others."""
        return tuple(dict.fromkeys(name for name in (self.en, self.zh, *self.aliases) if name))


class Named(NamedTuple):
    """A name found in a text: characters ``start`` to ``end`` name `entity`."""

    start: int
    end: int
    entity: Entity


def read_rows(name: str) -> list[dict[str, str]]:
    """Rows of ``data/names/<name>.csv`` as plain text by column."""
    text = files("ytterby").joinpath("data", "names", f"{name}.csv").read_text(encoding="utf-8")
    return [
        {key: (cell or "").strip() for key, cell in row.items() if key} for row in csv.DictReader(text.splitlines())
    ]


@cache
def every() -> dict[str, Entity]:
    """All entities by id: countries, then the tables in order, then elements and people."""
    from ytterby.evidence.names.countries import countries
    from ytterby.evidence.names.matter import matter

    found: dict[str, Entity] = {}
    for one in (*countries(), *_tables(), *matter(), *_people()):
        if one.id in found:
            raise ValueError(f"two entities bear the id {one.id!r}")
        found[one.id] = one
    return found


def _tables() -> Iterator[Entity]:
    for name in TABLES:
        for row in read_rows(name):
            yield _entity(row)


def _entity(row: dict[str, str]) -> Entity:
    kind = row["kind"]
    if kind not in KINDS:
        raise ValueError(f"{row['id']}: unknown kind {kind!r}")
    return Entity(
        id=row["id"],
        kind=kind,  # type: ignore[arg-type]
        en=row["en"],
        zh=row["zh"],
        aliases=several(row["aliases"]),
        place=row["place"],
        parent=row.get("parent", ""),
        note=row.get("note", ""),
        material=row.get("material", ""),
        elements=tuple(row.get("elements", "").split()),
        stage=row.get("stage", ""),
        group=row.get("group", ""),
        facility=row.get("facility", ""),
    )


def _people() -> Iterator[Entity]:
    """One entity per person, however many terms of office the table has for them."""
    seen: set[str] = set()
    for row in read_rows("people"):
        if row["id"] not in seen:
            seen.add(row["id"])
            yield Entity(row["id"], "person", row["en"], row["zh"], several(row["aliases"]), place=row["country"])
