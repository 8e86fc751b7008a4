"""Home to identity preserved: one source, from end to end, mixed with nothing."""

from __future__ import annotations

from fractions import Fraction
from typing import final

from ytterby.custody.book.layout import UP
from ytterby.custody.genealogy.exact import UNTOLD
from ytterby.custody.genealogy.models.base import Break, Claim, Histories, Model


@final
class IdentityPreserved(Model):
    """All of the lot comes from one and the same eligible place."""

    name = "identity preserved"

    def claim(self, histories: Histories, lot: int) -> Claim:
        """Holds for one origin; broken by the first events at which origins met."""
        origins = histories.origins(lot)
        if len(origins) == 1 and not histories.foreign(origins):
            return self.made(histories, lot, Fraction(1), f"all of it comes from {histories.named(origins)}")
        broken = []
        for one in histories.ancestry(lot):
            for knot in histories.links.knots(one, UP):
                entered = {
                    o for event in knot for source, _ in histories.inputs(event) for o in histories.origins(source)
                }
                already = any(len(histories.origins(s)) > 1 for event in knot for s, _ in histories.inputs(event))
                if len(entered) > 1 and not already:
                    reason = f"here met {histories.named(frozenset(entered))}"
                    broken.append(Break(histories.sequence(knot[0]), reason))
        if len(origins) == 1:
            what = "its origin is not told" if UNTOLD in origins else "its one origin is not eligible"
        else:
            what = f"it comes from {len(origins)} origins: {histories.named(origins)}"
        return self.made(histories, lot, Fraction(0), what, tuple(dict.fromkeys(broken)))
