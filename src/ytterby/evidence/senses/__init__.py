"""Home to senses: what a figure counts, one function per kind of claim (the contract is `sense.Sense`)."""

from __future__ import annotations

from collections.abc import Callable

from ytterby.evidence import scope, spans
from ytterby.evidence.claims import Claim
from ytterby.evidence.scope import slug
from ytterby.evidence.senses.making import capacity, production, quota, reserve, units_built
from ytterby.evidence.senses.needs import demand, intensity, price
from ytterby.evidence.senses.other import duration, other
from ytterby.evidence.senses.sense import PERCENT, Sense, actor_of, code, counted, of_row
from ytterby.evidence.senses.shares import share
from ytterby.evidence.senses.trade import trade_change, trade_volume

__all__ = ["Sense", "covers_a_year", "of", "of_row"]


def of(claim: Claim, said: str) -> Sense:
    """The sense of a claim that was read; `said` are its words (see `scope.words`)."""
    speak = other if claim.unit == "rank" else _BY_KIND.get(claim.kind, other)
    if speak is trade_change and scope.QUOTA.search(said):
        speak = quota
    return speak(claim, said)


def covers_a_year(claim: Claim) -> bool:
    """Whether a claim's figure is that of one whole year."""
    return spans.whole_year(spans.span(claim).label)


def _forecast(claim: Claim, said: str) -> Sense:
    if claim.unit == "year":
        time = spans.span(claim)
        thing = slug(claim.object)
        name = f"start:{actor_of(claim)}:{thing}"
        return Sense("date", f"first year of {thing}", place=code(claim.subject), stated=time.stated, parameter=name)
    if counted(claim):
        return units_built(claim, said, spans.span(claim).label)
    if claim.unit in PERCENT and (scope.SELF.search(said) or "share" in said or "份额" in said):
        return share(claim, said)
    for pattern, speak in (
        (scope.PRICE, price),
        (scope.DEMAND, demand),
        (scope.EXPORTS, trade_volume if claim.unit not in PERCENT else trade_change),
        (scope.IMPORTS, trade_volume if claim.unit not in PERCENT else trade_change),
        (scope.OUTPUT, production),
    ):
        if pattern.search(said):
            return speak(claim, said)
    return other(claim, said)


_BY_KIND: dict[str, Callable[[Claim, str], Sense]] = {
    "trade_volume": trade_volume,
    "trade_change": trade_change,
    "share": share,
    "dependency": share,
    "production": production,
    "capacity": capacity,
    "intensity": intensity,
    "price": price,
    "price_change": price,
    "demand": demand,
    "forecast": _forecast,
    "quota": quota,
    "reserve": reserve,
    "duration": duration,
}
