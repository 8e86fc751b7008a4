"""Home to conservation: a transformation puts out no more than went in, of the whole and of each element.

Of the whole: what came out and was lost against what went in and was added (``ytt:added``: oxygen, water, iron), with a
thousandth for the scales. Of an element: the least that came out against the most that can have been in what went in,
three standard uncertainties either way; an input without an assay of an element may hold as much of it as it weighs
less what is told of others. Whole micrograms and parts per billion throughout: no rounding decides.
"""

from __future__ import annotations

from collections.abc import Sequence

from ytterby.custody.epcis.sense.contract import Seen, check
from ytterby.custody.event import MICROGRAMS, WHOLE, Assay, Event, Kind

_ONLY: tuple[Kind, ...] = ("transformation",)
SCALES = 1000
"""One part in so many that scales may be off."""
UNTOLD = 100
"""One part in so many of a fraction whose uncertainty is not told: assumed to be its standard uncertainty."""
SPREAD = 3
"""Standard uncertainties given either way."""


def _kilograms(micrograms: int) -> str:
    return f"{micrograms / MICROGRAMS:,.9g} kg"


def _gain(seen: Seen) -> str:
    """What is wrong with the whole, in words."""
    event = seen.event
    into = sum([piece.mass or 0 for piece in seen.inputs]) + event.added
    out = sum([piece.mass or 0 for piece in seen.outputs])
    lost = sum(mass for element, mass in event.losses if not element)
    if (out + lost) * SCALES <= into * (SCALES + 1):
        return ""
    more = f" and {_kilograms(lost)} lost" if lost else ""
    return f"{_kilograms(out)} came out{more}, {_kilograms(into)} went in"


@check(
    "gain",
    "refuse",
    "a transformation puts out more mass than went in (with what was added), all inputs being weighed",
    _ONLY,
)
def gain(seen: Seen) -> str:
    """Mass out of nothing."""
    return "" if seen.event.transformation or not seen.weighed else _gain(seen)


@check("open", "doubt", "the same of an event with `transformationID`: other events may bring the rest", _ONLY)
def open_gain(seen: Seen) -> str:
    """Mass that another event of the same transformation has to bring."""
    return _gain(seen) if seen.event.transformation and seen.weighed else ""


def least(assay: Assay, mass: int) -> int:
    """The least of an element in a piece: micrograms times parts per billion."""
    return max(0, assay.ppb - SPREAD * (assay.sigma or assay.ppb // UNTOLD)) * mass


def most(element: str, assays: Sequence[Assay], mass: int) -> int:
    """The most of an element a piece can hold: micrograms times parts per billion."""
    others = 0
    for assay in assays:
        if assay.element == element:
            return min(WHOLE, assay.ppb + SPREAD * (assay.sigma or assay.ppb // UNTOLD)) * mass
        others += least(assay, 1)
    return max(0, WHOLE - others) * mass


@check(
    "element",
    "refuse",
    "more of an element comes out than can have been in what went in, beyond the uncertainty of assays",
    _ONLY,
)
def element_gain(seen: Seen) -> str:
    """An element out of nothing."""
    event = seen.event
    if event.transformation or not seen.weighed:
        return ""
    out: dict[str, int] = {}
    for piece in seen.outputs:
        if piece.mass is not None:
            for assay in piece.assays:
                out[assay.element] = out.get(assay.element, 0) + least(assay, piece.mass)
    for element, mass in event.losses:
        if element:
            out[element] = out.get(element, 0) + mass * WHOLE
    for element, needed in out.items():
        into = sum(most(element, piece.assays, piece.mass or 0) for piece in seen.inputs)
        if needed * SCALES > into * (SCALES + 1):
            return (
                f"at least {_kilograms(needed // WHOLE)} of {element} came out or was lost, "
                f"at most {_kilograms(into // WHOLE)} went in"
            )
    return ""


@check("loss", "refuse", "more is declared lost than went in, all inputs being weighed", _ONLY)
def lost(seen: Seen) -> str:
    """A loss of what was not there."""
    event = seen.event
    if not event.losses or event.transformation or not seen.weighed:
        return ""
    into = sum(piece.mass or 0 for piece in seen.inputs) + event.added
    worst = max(
        sum(mass for element, mass in event.losses if not element),
        sum(mass for element, mass in event.losses if element),
    )
    return f"{_kilograms(worst)} declared lost, {_kilograms(into)} went in" if worst > into else ""


@check("loop", "doubt", "one lot goes into a transformation and comes out of it", _ONLY)
def loop(seen: Seen) -> str:
    """A lot that is made of itself."""
    both = {piece.lot for piece in seen.inputs} & {piece.lot for piece in seen.outputs}
    return f"{min(both)} goes in and comes out" if both else ""


def even(event: Event) -> bool:
    """Whether a transformation tells of nothing that the checks of mass look into: most do not."""
    into, out = event.added, 0
    lots = set()
    for piece in event.pieces:
        mass = piece.mass
        if piece.role == "input":
            if mass is None:
                return False
            into += mass
            lots.add(piece.lot)
        elif piece.assays or piece.lot in lots:
            return False
        else:
            out += mass or 0
    return bool(lots) and not event.losses and out * SCALES <= into * (SCALES + 1)


CHECKS = (lost, gain, open_gain, element_gain, loop)
