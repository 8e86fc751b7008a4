"""Home to mass balance by credits: eligible inputs put credits into a site's account, claims take them out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, final

from ytterby.custody.genealogy.exact import UNTOLD
from ytterby.custody.genealogy.models.base import Break, Claim, Histories, Model, month


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement of an account."""

    month: int
    event: int
    """Sequence number in the ledger."""
    amount: Fraction
    """Put in (positive) or taken out (negative)."""


@dataclass(frozen=True, slots=True)
class Line:
    """What an entry did."""

    entry: Entry
    balance: Fraction
    """After it."""
    expired: Fraction
    """Credits that ran out before it."""
    short: Fraction
    """Taken out beyond what there was: the claim has no cover."""


def account(entries: Iterable[Entry], *, valid: int | None = None) -> tuple[Line, ...]:
    """Replay an account: the oldest credits go first, and run out `valid` months after the month they were put in.

    The balance is never negative: what has no cover is told as short and takes nothing. Entries are in order of time.
    """
    valued: deque[list[Fraction | int]] = deque()
    balance = Fraction(0)
    lines = []
    for entry in entries:
        expired = Fraction(0)
        while valid is not None and valued and entry.month - valued[0][0] > valid:
            expired += Fraction(valued.popleft()[1])
        balance -= expired
        short = Fraction(0)
        if entry.amount >= 0:
            valued.append([entry.month, entry.amount])
            balance += entry.amount
        elif -entry.amount > balance:
            short = -entry.amount - balance
        else:
            left = -entry.amount
            balance -= left
            while left:
                first = valued[0]
                taken = min(left, Fraction(first[1]))
                first[1] -= taken
                left -= taken
                if not first[1]:
                    valued.popleft()
        lines.append(Line(entry, balance, expired, short))
    return tuple(lines)


@final
@dataclass(frozen=True)
class Credits(Model):
    """Claims are covered by credits of the site, put in by eligible inputs times what of them comes out."""

    conversion: Fraction = Fraction(1)
    """Of what goes in, how much comes out as product: credits are counted in product."""
    valid: int | None = 12
    """Months after which a credit runs out; None = never."""
    settled: Literal["event", "month"] = "event"
    """Whether the account must be covered at every event, or at the end of each month only."""

    name = "mass balance, credits"

    def entries(self, histories: Histories, site: int) -> list[tuple[Entry, int]]:
        """The account of a site, each entry with its lot; a month that is settled as one has its inputs first."""
        found = []
        for event in histories.works(site):
            when, number = month(histories.links.time[event]), histories.sequence(event)
            for lot, amount in histories.inputs(event):
                if amount is not None:  # what is not told earns no credit
                    found.append((Entry(when, number, amount * histories.entitled(lot) * self.conversion), lot))
            for lot, amount in histories.outputs(event):
                if amount is not None and histories.declared(lot):
                    found.append((Entry(when, number, -amount * histories.declared(lot)), lot))
        if self.settled == "month":
            found.sort(key=lambda pair: (pair[0].month, pair[0].amount < 0))
        return found

    def claim(self, histories: Histories, lot: int) -> Claim:
        """Holds where what the lot declares was covered when it was made."""
        site, declared = histories.site(lot), histories.declared(lot)
        if site == UNTOLD:
            return self.made(histories, lot, Fraction(0), "it was made by no transformation at a place that is told")
        if not declared:
            return self.made(histories, lot, Fraction(0), "it declares nothing, and takes no credit")
        entries = self.entries(histories, site)
        lines = account((entry for entry, _ in entries), valid=self.valid)
        own = [line for line, (entry, of) in zip(lines, entries, strict=True) if of == lot and entry.amount < 0]
        if not own:
            return self.made(
                histories, lot, Fraction(0), "how much of it there is was not told: no credit can cover it"
            )
        broken = tuple(
            Break(
                line.entry.event, f"the account lacked {float(line.short / -line.entry.amount):.2%} of what was claimed"
            )
            for line in own
            if line.short
        )
        if broken:
            return self.made(histories, lot, Fraction(0), "its claim was not covered when it was made", broken)
        return self.made(histories, lot, declared, f"credits covered {float(declared):.4%} of it")
