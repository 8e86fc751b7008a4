"""Home to the world as records: what the tables and the claims come to before it is laid out as arrays."""

from __future__ import annotations

from dataclasses import dataclass

from ytterby.world.baseline import Tables
from ytterby.world.links import Link
from ytterby.world.matter import Material
from ytterby.world.parameters import Parameters
from ytterby.world.plants import Places, Plant


@dataclass(frozen=True)
class World:
    """Everything `arrays.assemble` needs."""

    known: str
    tables: Tables
    parameters: Parameters
    places: Places
    materials: tuple[Material, ...]
    plants: tuple[Plant, ...]
    links: tuple[Link, ...]
