"""Home to segregated: sources may mix among each other, but with nothing that is not eligible."""

from __future__ import annotations

from fractions import Fraction
from typing import final

from ytterby.custody.book.layout import UP
from ytterby.custody.genealogy.models.base import Break, Claim, Histories, Model


@final
class Segregated(Model):
    """All of the lot comes from eligible places."""

    name = "segregated"

    def claim(self, histories: Histories, lot: int) -> Claim:
        """Holds where every origin is eligible; broken by the events at which others first entered."""
        foreign = histories.foreign(histories.origins(lot))
        if not foreign:
            return self.made(histories, lot, Fraction(1), "every origin of it is eligible")
        broken = []
        for one in histories.ancestry(lot):
            for knot in histories.links.knots(one, UP):
                sources = [source for event in knot for source, _ in histories.inputs(event)]
                outside = [s for s in sources if histories.foreign(histories.origins(s))]
                if outside and len(outside) < len(sources):
                    names = ", ".join(sorted(histories.book.lot_name(s) for s in set(outside)))
                    broken.append(Break(histories.sequence(knot[0]), f"not eligible, or not told: {names}"))
        why = f"not eligible: {histories.named(foreign)}"
        return self.made(histories, lot, Fraction(0), why, tuple(dict.fromkeys(broken)))
