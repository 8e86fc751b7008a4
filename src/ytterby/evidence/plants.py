"""Home to the plants that a read figure may be about: company and product lead to the facility of the baseline.

A company with one plant that fits gets that plant; where several fit and the words single none out, there is none, so
that a company's total never becomes the capacity of one of its works.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ytterby.evidence.claims import Claim
from ytterby.evidence.names import find, lookup
from ytterby.evidence.tables import Row, read_package
from ytterby.terms.text import fold

_TABLES = {"separation": "separation", "metal_alloy": "metal", "magnet": "magnet", "deposits": "mine"}
_NOBODY = ("", "all", "various")
_RUNNING = ("operating", "ramping", "commissioning")
_PLAIN = frozenset(
    [
        "the",
        "of",
        "and",
        "other",
        "total",
        "plant",
        "plants",
        "phase",
        "line",
        "makers",
        "alloy",
        "metal",
        "metals",
        "circuit",
        "light",
        "heavy",
    ]
)


@dataclass(frozen=True, slots=True)
class Plant:
    """One facility of the baseline tables."""

    id: str
    stage: str
    place: str
    makes: frozenset[str]
    """``NdPr``, ``heavy``, ``REO``, ``Sm``, ``metal``, ``alloy``, ``magnets``, ``ore``."""
    running: bool
    words: frozenset[str]
    """Words of its own name that no other plant of the company bears."""


def plant(claim: Claim, said: str, product: str) -> str:
    """Id of the facility a capacity or output is about; empty where none, or none alone, fits."""
    for named in find(fold(claim.object)):
        if named.entity.facility:
            return named.entity.facility
    owner = company(claim.subject)
    held = _by_company().get(owner)
    if held is None:
        return _site(claim.subject)
    wanted = _wanted(claim, said, product)
    fit = [one for one in held if wanted <= one.makes]
    # The place of a claim may be the company's seat: where no plant stands there it chooses none.
    fit = [one for one in fit if one.place == claim.place] or fit
    told = [one for one in fit if one.words & set(re.findall(r"\w+", said))]
    planned = claim.modality in ("target", "forecast")
    for chosen in (told, fit, [] if planned else [one for one in fit if one.running]):
        if len(chosen) == 1:
            return chosen[0].id
    return ""


@cache
def company(name: str) -> str:
    """A company's name as one key: its entity where the dictionary knows it, else its folded words."""
    entity = lookup(name) if name else None
    if entity is not None and entity.kind in ("plant", "mine") and entity.parent:
        return entity.parent
    return entity.id if entity is not None else fold(name).casefold().strip()


def _site(name: str) -> str:
    """A plant named as the actor itself ("Mountain Pass")."""
    entity = lookup(name) if name else None
    return entity.facility if entity is not None else ""


def _wanted(claim: Claim, said: str, product: str) -> frozenset[str]:
    if product.startswith(("magnet", "NdFeB", "sintered")) or "magnets" in product:
        return frozenset({"magnets"})
    if product.startswith("NdPr") or product.startswith(("Nd", "Pr")):
        return frozenset({"metal" if "metal" in product else "NdPr"})
    if "heavy" in product or product.startswith(("Dy", "Tb")):
        return frozenset({"heavy"})
    if claim.stage == "mine" or "ore" in product or "concentrate" in said:
        return frozenset({"ore"})
    if claim.stage in ("metal", "alloy", "magnet"):
        return frozenset({{"magnet": "magnets"}.get(claim.stage, claim.stage)})
    if re.search(r"oxide|氧化|分离|separat|refin", said) or claim.stage == "separation":
        return frozenset({"REO"})
    # A company's "rare earths" may be mined or separated: no plant of its is meant.
    return frozenset({"unknown"})


@cache
def _by_company() -> dict[str, tuple[Plant, ...]]:
    rows: dict[str, list[tuple[Row, str]]] = {}
    for table, stage in _TABLES.items():
        for row in read_package(table):
            for owner in _owners(row):
                rows.setdefault(company(owner), []).append((row, stage))
    return {owner: tuple(_plants(held)) for owner, held in rows.items()}


def _owners(row: Row) -> Iterator[str]:
    text = row.text("operator") if row.table == "deposits" else row.text("company")
    for part in re.split(r"/|;|\(", text):
        if part.strip(" )") not in _NOBODY:
            yield part.strip(" )")


def _plants(held: list[tuple[Row, str]]) -> Iterator[Plant]:
    names = [set(re.findall(r"\w+", fold(row.text("name")).casefold())) for row, _ in held]
    for at, (row, stage) in enumerate(held):
        others = set().union(*(words for k, words in enumerate(names) if k != at))
        own = frozenset(word for word in names[at] - others - _PLAIN if not word.isdigit())
        running = row.text("status") in _RUNNING
        yield Plant(row.text("id"), stage, row.text("place"), _makes(row, stage), running, own)


def _makes(row: Row, stage: str) -> frozenset[str]:
    product = "" if row.table == "deposits" else row.text("product")
    if stage == "mine":
        return frozenset({"ore"})
    if stage == "magnet" and row.text("id").startswith("mag_"):
        return frozenset({"magnets"})
    found = {
        "NdPr": r"NdPr oxide|^NdPr \+|Nd/Pr",
        "heavy": r"Dy|Tb|HREO|heavy",
        "REO": r"\bREO\b|light\+heavy",
        "metal": r"\bmetals?\b",
        "alloy": r"\balloy\b",
    }
    return frozenset(name for name, pattern in found.items() if re.search(pattern, product))
