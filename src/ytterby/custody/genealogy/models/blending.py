"""Home to controlled blending: eligible and other material mixed in a known ratio, and no more claimed than went in."""

from __future__ import annotations

from typing import final

from ytterby.custody.genealogy.models.base import Break, Claim, Histories, Model


@final
class ControlledBlending(Model):
    """The lot claims at most the share of eligible material that is physically in it."""

    name = "controlled blending"

    def claim(self, histories: Histories, lot: int) -> Claim:
        """Holds for a declared share that is within what surely went in."""
        share, declared = histories.eligible(lot), histories.declared(lot)
        told = f"{float(share):.4%} of it is surely eligible"
        if declared <= share:
            return self.made(histories, lot, share, told)
        last = max(
            histories.links.strand(lot, 0), key=lambda row: histories.links.time[histories.links.event[row]], default=-1
        )
        event = histories.links.event[last] if last >= 0 else -1
        number = histories.sequence(event) if event >= 0 else -1
        reason = f"{float(declared):.4%} is declared, {float(share):.4%} went in"
        return self.made(histories, lot, share, told, (Break(number, reason),))
