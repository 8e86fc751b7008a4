"""Home to the sense of a figure: whose it is, of what, where, when and counted how, in the baseline's own words.

Two figures with the same sense speak of the same thing; where only basis, material or baseline differ, they differ in
scope (see `contested`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ytterby.evidence.claims import Claim
from ytterby.evidence.scope import slug
from ytterby.terms.places import places
from ytterby.terms.text import fold

COUNTED = ("count", "unit", "unit/yr", "unit/y", "unit/month")
"""Units of things counted one by one."""
PERCENT = ("%", "share")


@dataclass(frozen=True, slots=True)
class Sense:
    """What a figure counts."""

    kind: str
    subject: str
    material: str = ""
    elements: tuple[str, ...] = ()
    stage: str = ""
    place: str = ""
    counterpart: str = ""
    basis: str = ""
    period: str = ""
    """Label of the time it holds for; empty where time plays no part or is not told."""
    stated: bool = True
    """False where the period is only the year of publication."""
    parameter: str = ""
    unit: str = ""
    """Unit the parameter is kept in; empty = as read."""


def of_row(claim: Claim) -> Sense:
    """The sense of a row of a table: its own fields."""
    return Sense(
        kind=claim.kind,
        subject=claim.subject,
        material=claim.material,
        elements=claim.elements,
        stage=claim.stage,
        place=claim.place,
        counterpart=claim.counterpart,
        basis=claim.basis,
        period=claim.period,
        parameter=claim.parameter,
        unit=claim.unit,
    )


def code(name: str) -> str:
    """The place a name stands for, empty where it is none."""
    return _codes().get(fold(name).casefold().strip(), "")


@cache
def _codes() -> dict[str, str]:
    forms = {
        fold(form).casefold(): one.code
        for one in places().values()
        for form in (one.code, one.en, one.zh, *one.synonyms)
    }
    return forms | {"united states": "US", "world": "WLD", "global": "WLD", "beijing": "CN", "washington": "US"}


def actor_of(claim: Claim) -> str:
    """Whose figure it is: a place's code where it is one, else the actor's name."""
    return code(claim.subject) or slug(claim.subject)


def counted(claim: Claim) -> bool:
    """Whether a figure is a number of things."""
    return claim.unit.split("/")[0] in COUNTED
