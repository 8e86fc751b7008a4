"""Home to naming: which parameter a figure that was read is about, in the unit that parameter is kept in.

A read claim about the same thing as a row of the baseline gets that row's parameter, letter for letter; a claim about
anything else gets a systematic name of its own, so that all claims about one thing meet. Names the world or the
hindcast reads, and which read claims reach them:

| parameter | read from |
|---|---|
| ``capacity:<plant>``, ``mine:<deposit>`` | capacity of a plant, or of a company with one plant that fits |
| ``output:<plant>:<period>`` | production of such a plant or company |
| ``production:<CC>:<year>:mine_output_REO`` | a country's production of rare earths in a year |
| ``trade:export:CN:<CC>:magnets:<period>`` | Chinese exports of magnets, by destination |
| ``price:<material>:<where>:<period>`` | prices (a price in yuan keeps a name of its own: it needs a rate) |
| ``intensity:<product>`` | magnets per car, robot, turbine; rare earths per weapon |
| ``demand:iea_<year>``, ``demand:ad_cagr24``, ``demand:bu24_<use>`` | demand by path and by use |
| ``robots:<who>_<year>`` | robots built or foreseen, by who says so |
| ``licence:<who>_<month>_share``, ``licence:<who>_stop`` | shares of applications granted, days a line stood still |
| ``licence:statute``, ``licence:validity``, ``licence:review_time:...`` | time limits and review times of licences |
| ``share:<stage>:<CC>:<year>:<basis>`` | shares, dependency and self-sufficiency |

Measures, dates and figures without a number have no name. Nothing here changes a claim's value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ytterby.evidence import senses
from ytterby.evidence.claims import Claim
from ytterby.evidence.scope import words
from ytterby.evidence.senses import Sense
from ytterby.terms.errors import InputError
from ytterby.terms.units import parse

_DAYS = 365.25
_PERCENT = ("%", "share", "pp")


def is_read(claim: Claim) -> bool:
    """Whether the claim was read from a document, not from a table of ours or of the project's own."""
    return bool(claim.document) and not claim.document.startswith("baseline:") and claim.document != "overlay"


def sense_of(claim: Claim) -> Sense:
    """What a claim counts. Rows of tables say it themselves; of read claims it is worked out."""
    return senses.of(claim, words(claim)) if is_read(claim) else senses.of_row(claim)


def parameter_of(claim: Claim) -> str:
    """The parameter a claim is about, empty where it is about none; rows of tables keep their own."""
    if not is_read(claim):
        return claim.parameter
    if claim.value is None and claim.low is None and claim.high is None:
        return ""
    return sense_of(claim).parameter


def named(claims: Iterable[Claim]) -> list[Claim]:
    """The claims, those that were read with their parameter filled in; value and unit stay as read.

    A parameter is part of what a claim says, so naming comes before a claim is kept or reviewed.
    """
    return [_with(claim, parameter_of(claim)) if is_read(claim) else claim for claim in claims]


def _with(claim: Claim, parameter: str) -> Claim:
    if claim.parameter == parameter:
        return claim
    copied = claim.model_copy(update={"parameter": parameter})
    # The copy must not inherit the hash of what it was copied from.
    copied.__dict__.pop("id", None)
    return copied


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim as the hindcast reads it, its value in the parameter's own unit."""

    id: str
    parameter: str
    value: float | None
    unit: str
    period: str
    as_of: str
    counterpart: str
    confidence: str
    known: date | None


def statements(claims: Iterable[Claim]) -> list[Claim | Stated]:
    """The accepted claims with a parameter, each value in the unit of its parameter, for `run.observations`.

    Rows of tables pass as they are; a read claim whose unit cannot be brought to the parameter's is left out.
    """
    return [
        one
        for claim in claims
        if claim.status == "accepted" and claim.parameter and (one := _stated(claim)) is not None
    ]


def _stated(claim: Claim) -> Claim | Stated | None:
    if not is_read(claim):
        return claim
    brought = in_unit_of(claim)
    if brought is None:
        return None
    sense = sense_of(claim)
    said = (claim.id, claim.parameter, brought[0], brought[3], sense.period, claim.as_of)
    return Stated(*said, sense.counterpart, claim.confidence, claim.known)


def in_unit_of(claim: Claim) -> tuple[float | None, float | None, float | None, str] | None:
    """(value, low, high, unit) in the unit the claim's parameter is kept in; None where units do not meet.

    ``%`` becomes ``share``, ``lb/unit`` ``kg/unit``, ``t`` of a whole year ``t/y``; bare tonnes of a parameter kept in
    ``t REO`` are read as such.
    """
    to = sense_of(claim).unit or claim.unit
    times = factor(claim, to)
    if times is None:
        return None
    value, low, high = (None if x is None else x * times for x in (claim.value, claim.low, claim.high))
    return value, low, high, to


def factor(claim: Claim, to: str) -> float | None:
    """What a claim's figures are multiplied by to stand in the unit `to`; None where the units do not meet."""
    if claim.unit == to:
        return 1.0
    if not claim.unit or not to:
        return None
    if claim.unit in _PERCENT and to in _PERCENT:
        return 0.01 if to == "share" else 100.0 if claim.unit == "share" else 1.0
    try:
        have, want = parse(claim.unit), parse(to)
    except InputError:
        return None
    same_basis = have.basis == want.basis or (is_read(claim) and have.basis == ("", ""))
    if not same_basis:
        return None
    if have.kinds == want.kinds:
        return have.size / want.size
    if not (is_read(claim) and have.kinds[0] == want.kinds[0] and senses.covers_a_year(claim)):
        return None
    # Of one whole year, tonnes and tonnes a year are the same number.
    if (have.kinds[1], want.kinds[1]) == ("", "time"):
        return have.size / (want.size * _DAYS)
    if (have.kinds[1], want.kinds[1]) == ("time", ""):
        return have.size * _DAYS / want.size
    return None
