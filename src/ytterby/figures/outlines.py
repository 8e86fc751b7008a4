"""Home to the outlines of countries, by ISO 3166 alpha-2 code; the file can be swapped for one that draws borders
otherwise.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from ytterby.terms.errors import BadValue, UnknownName

Ring = tuple[float, ...]
"""Longitude, latitude, longitude, latitude ... in degrees, first point repeated at the end."""

# fmt: off
EU27 = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)
# fmt: on
"""Members of the European Union: what a row for ``EU`` paints, unless a member has a row of its own."""


def outlines(path: str | Path | None = None) -> dict[str, tuple[Ring, ...]]:
    """Rings of each country; without `path` those that come with the package (Natural Earth 1:110m).

    Raises:
        UnknownName: no file at `path`.
        BadValue: the file is not a JSON object of code -> rings.
    """
    return _read(None if path is None else str(path))


@lru_cache(maxsize=4)
def _read(path: str | None) -> dict[str, tuple[Ring, ...]]:
    place = path or "countries-110m.json"
    try:
        if path is None:
            text = files("ytterby").joinpath("data/outlines/countries-110m.json").read_text(encoding="utf-8")
        else:
            text = Path(path).read_text(encoding="utf-8")
        raw = json.loads(text)
        rings = {str(code): tuple(tuple(float(v) for v in ring) for ring in value) for code, value in raw.items()}
    except OSError as error:
        raise UnknownName(place, (), "file of outlines") from error
    except (ValueError, TypeError, AttributeError) as error:
        remedy = 'write {"CN": [[lon, lat, lon, lat, ...], ...], ...}, as in the package\'s own file'
        raise BadValue("not a file of country outlines", place=place, remedy=remedy) from error
    for code, parts in rings.items():
        if any(
            len(r) < 6 or len(r) % 2 or not all(abs(v) <= (180, 90)[i % 2] + 0.01 for i, v in enumerate(r))
            for r in parts
        ):
            remedy = "write pairs of longitude and latitude, three or more"
            raise BadValue(f"the outline of '{code}' is no ring of degrees", place=place, remedy=remedy)
        # Rings around the South Pole must cross the date line somewhere; they lie below the map.
        if any(abs(a - b) > 180 for r in parts if min(r[1::2]) > -60 for a, b in zip(r[::2], r[2::2], strict=False)):
            remedy = "cut the ring at 180 degrees, or a line is drawn across the whole map"
            raise BadValue(f"the outline of '{code}' crosses the date line", place=place, remedy=remedy)
    return rings
