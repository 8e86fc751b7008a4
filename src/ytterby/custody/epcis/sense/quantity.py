"""Home to checks of quantities and of lists."""

from __future__ import annotations

from ytterby.custody.epcis.sense.contract import Seen, check
from ytterby.custody.event import MICROGRAMS, WHOLE

ABSURD = 1_000_000_000 * MICROGRAMS
"""A million tonnes: no lot of anything here weighs more."""


@check("negative", "refuse", "a quantity below nothing")
def negative(seen: Seen) -> str:
    """Less than nothing."""
    for piece in seen.event.pieces:
        if (piece.mass is not None and piece.mass < 0) or (piece.count is not None and piece.count < 0):
            return f"{piece.lot} has a quantity below nothing"
    return ""


@check("absurd", "refuse", "a quantity above a million tonnes, or above 10^15 pieces")
def absurd(seen: Seen) -> str:
    """More than there is."""
    for piece in seen.event.pieces:
        if piece.mass is not None and piece.mass > ABSURD:
            return f"{piece.lot} weighs {piece.mass // MICROGRAMS} kg"
        if piece.count is not None and piece.count > 1e15:
            return f"{piece.lot} has {piece.count} pieces"
    return ""


@check("counted", "refuse", "a quantity without a unit counts pieces, and is no whole number")
def counted(seen: Seen) -> str:
    """Two and a half pieces."""
    for piece in seen.event.pieces:
        if piece.count is not None and piece.count != int(piece.count):
            return f"{piece.count} pieces of {piece.lot}: a weight needs its unit (uom)"
    return ""


@check("twice", "refuse", "one thing stands twice in one list of instances")
def twice(seen: Seen) -> str:
    """One thing that is two."""
    pieces = seen.event.pieces
    if len(pieces) < 2:
        return ""
    told = [(piece.role, piece.lot) for piece in pieces if piece.count == 1 and piece.mass is None]
    if len(told) != len(set(told)):
        return f"{next(lot for role, lot in told if told.count((role, lot)) > 1)} stands twice in one list"
    return ""


@check("parted", "doubt", "one lot stands twice in one list of quantities")
def parted(seen: Seen) -> str:
    """One lot told in two lines."""
    told = [(piece.role, piece.lot) for piece in seen.event.pieces if piece.count != 1 or piece.mass is not None]
    if len(told) < 2 or len(told) == len(set(told)):
        return ""
    return f"{next(lot for role, lot in told if told.count((role, lot)) > 1)} stands twice in one list"


@check("whole", "refuse", "the fractions of one lot's elements are more than the whole, beyond their uncertainty")
def over_whole(seen: Seen) -> str:
    """More than all of it."""
    for piece in seen.event.pieces:
        if piece.assays:
            least = sum(assay.ppb - 3 * assay.sigma for assay in piece.assays)
            if least > WHOLE:
                return f"{piece.lot}: its elements are {sum(a.ppb for a in piece.assays) / WHOLE:.4f} of the whole"
    return ""


CHECKS = (negative, absurd, counted, twice, parted, over_whole)
