"""Home to countries and the three groupings beside them: EU, ZZ (rest of the world) and WLD (the world).

Codes are ISO 3166-1 alpha-2. Names are exact: a name nobody knows is refused with the nearest ones, never guessed.
Centroids are rounded and only fit for drawing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from ytterby.terms.errors import UnknownName
from ytterby.terms.tables import rows, several


@dataclass(frozen=True)
class Place:
    """A country or grouping; `lat` and `lon` are degrees, None where a place cannot be put on a map."""

    code: str
    en: str
    zh: str
    kind: Literal["country", "union", "rest", "world"] = "country"
    synonyms: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None


def place(text: str, where: str = "") -> Place:
    """The place of a code, an English or Chinese name or a synonym; raises `UnknownName` with the nearest names.

    >>> [place(t).code for t in ("CN", "美国", "緬甸", "Burma", "EU27", "World")]
    ['CN', 'US', 'MM', 'MM', 'EU', 'WLD']
    """
    key = text.strip().casefold()
    found = _by_name().get(key) or _by_iso(text.strip())
    if found is None:
        remedy = "write its ISO 3166 code or its name: JP, Japan, 日本"
        raise UnknownName(text, _names_shown(), "country or place", where, remedy)
    return found


def places() -> Mapping[str, Place]:
    """The places Ytterby keeps names and centroids for, by code."""
    return _table()


@cache
def _table() -> dict[str, Place]:
    return {row["code"]: _place(row) for row in rows("places")}


def _place(row: dict[str, str]) -> Place:
    kinds: dict[str, Literal["country", "union", "rest", "world"]] = {"EU": "union", "ZZ": "rest", "WLD": "world"}
    return Place(
        code=row["code"],
        en=row["en"],
        zh=row["zh"],
        kind=kinds.get(row["code"], "country"),
        synonyms=several(row["synonyms"]),
        lat=float(row["lat"]) if row["lat"] else None,
        lon=float(row["lon"]) if row["lon"] else None,
    )


@cache
def _by_name() -> dict[str, Place]:
    from ytterby.terms.text import fold

    names: dict[str, Place] = {}
    for one in _table().values():
        for form in (one.code, one.en, one.zh, *one.synonyms):
            names[form.casefold()] = one
            names[fold(form).casefold()] = one
    return names


@lru_cache(maxsize=1024)
def _by_iso(text: str) -> Place | None:
    """Any other country of ISO 3166-1, by exact code or name."""
    import pycountry

    from ytterby.terms.text import fold

    folded = fold(text)
    if known := _by_name().get(folded.casefold()):
        return known
    for country in pycountry.countries:
        forms = {country.alpha_2, country.alpha_3, country.name}
        forms |= {getattr(country, kind, country.name) for kind in ("official_name", "common_name")}
        if folded.casefold() in {form.casefold() for form in forms}:
            kept = _table().get(country.alpha_2)
            return kept or Place(country.alpha_2, getattr(country, "common_name", country.name), _zh(country.name))
    return None


@cache
def _zh(name: str) -> str:
    import gettext

    import pycountry

    try:
        translated = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["zh_CN"]).gettext(name)
    except OSError:
        return name
    return translated


def _names_shown() -> list[str]:
    return [form for one in _table().values() for form in (one.code, one.en, one.zh)]
