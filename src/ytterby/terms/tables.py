"""Home to reading the small tables of words that come with the package."""

from __future__ import annotations

import csv
from importlib.resources import files


def rows(name: str) -> list[dict[str, str]]:
    """Rows of ``data/terms/<name>.csv`` as plain text by column."""
    text = files("ytterby").joinpath("data", "terms", f"{name}.csv").read_text(encoding="utf-8")
    return [{key: (cell or "").strip() for key, cell in row.items()} for row in csv.DictReader(text.splitlines())]


def several(cell: str) -> tuple[str, ...]:
    """A cell that holds several words, parted by ``|``."""
    return tuple(word.strip() for word in cell.split("|") if word.strip())
