"""Home to mass balance by rolling average: outputs of a site claim no more than its inputs held in recent months."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import final

from ytterby.custody.genealogy.exact import UNTOLD
from ytterby.custody.genealogy.models.base import Break, Claim, Histories, Model, month


@final
@dataclass(frozen=True)
class RollingAverage(Model):
    """The share every output may claim is the average share of eligible inputs of the months up to its own."""

    months: int = 12

    name = "mass balance, rolling average"

    def claim(self, histories: Histories, lot: int) -> Claim:
        """Holds for a declared share within the average of the site in the month it was made."""
        site = histories.site(lot)
        if site == UNTOLD:
            return self.made(histories, lot, Fraction(0), "it was made by no transformation at a place that is told")
        works = histories.works(site)
        made_in = [e for e in works if any(one == lot for one, _ in histories.outputs(e))]
        last = month(histories.links.time[made_in[-1]]) if made_in else month(histories.links.time[works[-1]])
        eligible = total = Fraction(0)
        untold = []
        for event in works:
            if not last - self.months < month(histories.links.time[event]) <= last:
                continue
            for source, amount in histories.inputs(event):
                if amount is None:
                    untold.append(Break(histories.sequence(event), "an input's amount is not told"))
                    continue
                total += amount
                eligible += amount * histories.entitled(source)
        average = eligible / total if total else Fraction(0)
        why = f"{float(average):.4%} of what the site took in over {self.months} months was eligible"
        broken = tuple(dict.fromkeys(untold))
        if histories.declared(lot) > average:
            reason = f"{float(histories.declared(lot)):.4%} is declared, the average is {float(average):.4%}"
            broken = (*broken, Break(histories.sequence(made_in[-1] if made_in else works[-1]), reason))
        return self.made(histories, lot, average, why, broken)
