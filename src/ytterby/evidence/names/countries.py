"""Home to countries as they are named in a text: names, adjectives, and the government that speaks for each."""

from __future__ import annotations

from collections.abc import Iterator

from ytterby.evidence.names.entities import Entity, read_rows
from ytterby.terms.places import places
from ytterby.terms.tables import several

_NOT_NAMES = frozenset({"others", "various", "其他", "Korea South", "Lao", "其他国家", "England", "America"})
"""Words the tables of figures use for a place that a running text uses for something else."""


def countries() -> Iterator[Entity]:
    """A ``country`` for every place of `terms.places` and a ``government`` for those whose seat the table names."""
    words = {row["code"]: row for row in read_rows("countries")}
    for code, place in places().items():
        row = words.get(code, {})
        if code == "ZZ":
            continue
        own = [name for name in place.synonyms if name not in _NOT_NAMES and not name.startswith(("the ", "The "))]
        aliases = (*own, *several(row.get("adjectives", "")), *several(row.get("aliases", "")))
        yield Entity(code, "country", place.en, place.zh, tuple(dict.fromkeys(aliases)), place=code)
        if row.get("government"):
            seat = several(row["government"])
            title = f"{place.en} (government)", f"{place.zh}政府"
            yield Entity(f"gov-{code.lower()}", "government", *title, seat, place=code, parent=code)
