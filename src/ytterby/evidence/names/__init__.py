"""Home to names: who and what a text speaks of, in Chinese and English, found where they stand.

`find` gives every name of a folded text, longest first and without overlap; `entity`, `entities` and `lookup` ask the
dictionary itself; `instruments` turns "Announcement No. 61 of 2025" and its Chinese forms into ids. The dictionary is
the tables of ``data/names`` plus the countries, elements and materials of `ytterby.terms`.
"""

from __future__ import annotations

from ytterby.evidence.names.announcements import Cited, instruments
from ytterby.evidence.names.entities import KINDS, Entity, Named
from ytterby.evidence.names.finding import entities, entity, find, lookup

__all__ = ["Cited", "Entity", "KINDS", "Named", "entities", "entity", "find", "instruments", "lookup"]  # noqa: RUF022
