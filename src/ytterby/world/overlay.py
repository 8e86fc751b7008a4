"""Home to a project's overlay: rows of the user's own laid over the tables of the package.

The folder `overlay/` may hold any table of `data/world` under its own name (``facilities.csv``, ``links.csv``,
``demand.csv``, ``recipes.csv`` or ``recipes.yaml``, ``assumptions.csv``, ``feeds.csv`` ...), with the same columns; see
`docs/data.md`. A row whose key is known changes the cells it fills; a new key adds a row. Nothing is written
anywhere: bad input changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ytterby.terms.errors import BadValue, UnknownName
from ytterby.world import baseline
from ytterby.world.baseline import COLUMNS, Line, Tables

KEYS: Mapping[str, tuple[str, ...]] = {
    "affinity": ("row",),
    "assumptions": ("parameter",),
    "classes": ("class", "grade"),
    "demand": ("product", "region", "year"),
    "designs": ("product", "design", "material"),
    "excluded": ("id",),
    "facilities": ("id",),
    "feeds": ("supplier", "separator"),
    "links": ("material", "buyer", "region", "supplier"),
    "paths": ("path", "year"),
    "prices": ("material",),
    "products": ("id",),
    "recipes": ("recipe",),
    "regions": ("code",),
    "routes": ("from", "to"),
    "separations": ("process",),
    "stages": ("stage",),
    "totals": ("id", "element"),
}
"""Columns that name a row of each table. A recipe of the overlay replaces all rows of the recipe of that name."""

WHOLE = frozenset(("recipes",))
LINES_OF_OTHERS = frozenset(("claims.csv",))
"""Files of the folder that other rooms read."""


def load(folder: Path | str) -> Tables:
    """The package's tables with the folder's rows laid over them; the package's own when there is no such folder.

    Raises:
        UnknownName: a file or column nobody reads.
        BadValue: text that is not UTF-8, a missing column, a row without its key, a key twice.
    """
    tables = baseline.load()
    path = Path(folder)
    if not path.is_dir():
        return tables
    for file in sorted(path.iterdir()):
        if file.name in LINES_OF_OTHERS or file.suffix not in (".csv", ".yaml", ".yml") or not file.is_file():
            continue
        name, shown = file.stem, f"overlay/{file.name}"
        if name not in COLUMNS or (file.suffix != ".csv" and name != "recipes"):
            raise UnknownName(
                file.name, [*(f"{table}.csv" for table in COLUMNS), "recipes.yaml"], what="overlay table", place=shown
            )
        text = _text(file, shown)
        rows = baseline.lines(text, name, shown) if file.suffix == ".csv" else tuple(recipe_lines(text, shown))
        tables = tables.having(**{name: _laid_over(tables[name], rows, name)})
    return tables


def _text(file: Path, shown: str) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadValue("the file is not UTF-8 text", place=shown, remedy="save it as CSV UTF-8") from error
    except OSError as error:
        raise BadValue(f"the file cannot be read ({error.strerror})", place=shown, remedy="check its rights") from error


def _laid_over(below: tuple[Line, ...], above: tuple[Line, ...], table: str) -> tuple[Line, ...]:
    keys = KEYS[table]
    for line in above:
        if not line[keys[0]]:
            raise BadValue("the row has no name", place=line.place(keys[0]), remedy=f"fill column {keys[0]}")
    changed = {_key(line, keys): line for line in above}
    if table in WHOLE:
        return (*(line for line in below if _key(line, keys) not in changed), *above)
    _refuse_twice(above, keys)
    kept = []
    for line in below:
        above_it = changed.pop(_key(line, keys), None)
        kept.append(line if above_it is None else _filled(above_it, line))
    return (*kept, *changed.values())


def _refuse_twice(rows: tuple[Line, ...], keys: tuple[str, ...]) -> None:
    seen: dict[tuple[str, ...], Line] = {}
    for line in rows:
        key = _key(line, keys)
        if key in seen:
            raise BadValue(
                f"{' '.join(key)} stands here and in line {seen[key].number}",
                place=line.place(),
                remedy="keep one of them",
            )
        seen[key] = line


def _key(line: Line, keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line[key] or ("*" if key == "region" else "") for key in keys)


def _filled(above: Line, below: Line) -> Line:
    """A changed row: its own cells, and below where it leaves one empty."""
    cells = {column: above[column] or below[column] for column in {**below.cells, **above.cells}}
    return Line(cells, above.file, above.number)


def recipe_lines(text: str, shown: str) -> Iterator[Line]:
    """Recipes written as YAML: a list of {recipe, process, inputs: {material: t}, outputs: {material: t}, drive}."""
    import yaml

    try:
        written = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{shown} line {mark.line + 1}" if mark is not None else shown
        raise BadValue("the file is not YAML", place=place, remedy="check its indentation and colons") from error
    if not isinstance(written, list):
        raise BadValue("recipes.yaml must be a list", place=shown, remedy="begin every recipe with '- recipe: name'")
    for number, entry in enumerate(written, start=1):
        yield from _recipe(entry, number, shown)


def _recipe(entry: Any, number: int, shown: str) -> Iterator[Line]:
    place = f"{shown} recipe {number}"
    if not isinstance(entry, dict):
        raise BadValue("a recipe must have fields", place=place, remedy="write recipe, process, inputs, outputs")
    allowed = ("recipe", "process", "inputs", "outputs", "drive", "yield_by", "note")
    for field in entry:
        if field not in allowed:
            raise UnknownName(str(field), allowed, what="field", place=place)
    for direction, side in (("in", entry.get("inputs") or {}), ("out", entry.get("outputs") or {})):
        if not isinstance(side, dict):
            raise BadValue("a side of a recipe must map materials to tonnes", place=place, remedy="write alloy.N: 1")
        for material, amount in side.items():
            cells = {
                "recipe": str(entry.get("recipe", "")),
                "process": str(entry.get("process", "")),
                "direction": direction,
                "material": str(material),
                "coef": str(amount),
                "drive": "1" if entry.get("drive") == material else "",
                "yield_by": str(entry.get("yield_by", "")),
                "note": str(entry.get("note", "")),
            }
            yield Line(cells, shown, number)
