"""Home to mass balance in a passport: what a lot may claim by what its maker's site took in, ISO 22095.

Rolling average and credits rest on everything the site made in the months before, not on the lot's own history. That is
the maker's business with others, so its events are not put into the passport: what is told here is the issuer's word,
covered by the digest alone, and a check says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ytterby.custody import months
from ytterby.custody.balance import Ground
from ytterby.custody.book.layout import INPUT
from ytterby.custody.genealogy.amounts import MASS
from ytterby.custody.genealogy.exact import UNTOLD, Exact
from ytterby.custody.genealogy.links import Links
from ytterby.custody.genealogy.models import Credits, Histories, RollingAverage, Terms
from ytterby.custody.genealogy.models.credits import account
from ytterby.custody.passport.regimes import number

MOST = 2_000
"""Transformations of a site that are gone through."""


def accounts(at: Ground, links: Links, lot: int, country: str, eligible: frozenset[str]) -> list[dict[str, Any]]:
    """What a lot may claim to be from a country by the accounts of the site that made it; empty where no site did.

    Args:
        at: the whole book, and who is who.
        links: of the same book.
        lot: code.
        country: what is claimed.
        eligible: addresses of the places whose material it is.
    """
    histories = Histories(links, Terms(eligible, MASS, {at.book.lot_name(lot): Fraction(1)}))
    site = histories.site(lot)
    if site == UNTOLD:
        return []
    rolling, credit = RollingAverage(), Credits()
    works = histories.works(site)
    if len(works) > MOST:
        return []
    last = max(event for event in works if any(one == lot for one, _ in histories.outputs(event)))
    until = months.month_of(at.book["events.time"][last : last + 1])[0]
    recent = [
        event for event, month in zip(works, months.month_of(at.book["events.time"][works]).tolist(), strict=True)
        if until - rolling.months < month <= until
    ]  # fmt: skip
    known = at.registry.facility(at.book.place_name(site))
    amounts = [amount for event in recent for _, amount in histories.flows(event, INPUT)]
    told: Mapping[str, Any] = {
        "claim": country,
        "facility": known.id if known else at.book.place_name(site),
        "months": rolling.months,
        "until": months.written(int(until)),
        "transformations": len(recent),
        "micrograms": int(sum((one for one in amounts if one is not None), Fraction(0))),
        "untold": sum(one is None for one in amounts),
    }
    average = RollingAverage().claim(Histories(links, Terms(eligible)), lot)
    most = _covered(credit, histories, site, lot)
    return [
        {"model": rolling.name, "holds": average.holds, "share": number(average.share), **told},
        {"model": credit.name, "holds": most > 0, "share": number(most), **told, "others_claim_nothing": True},
    ]


def _covered(model: Credits, histories: Histories, site: int, lot: int) -> Fraction:
    """The share of a lot that its site's credits cover, where no other lot claims any."""
    entries = model.entries(histories, site)
    lines = account((entry for entry, _ in entries), valid=model.valid)
    own = [line for line, (entry, of) in zip(lines, entries, strict=True) if of == lot and entry.amount < 0]
    wanted = -sum((line.entry.amount for line in own), Fraction(0))
    if not wanted:
        return Fraction(0)
    return 1 - sum((line.short for line in own), Fraction(0)) / wanted


def claimed(at: Ground, exact: Exact, lot: int) -> tuple[str, frozenset[str]]:
    """The country that most of a lot is from, and the addresses of its places among the origins; "" = not told."""
    shares: dict[str, Fraction] = {}
    places: dict[str, set[str]] = {}
    for place, share in exact.origins(lot, MASS).shares.items():
        address = at.book.place_name(place) if place != UNTOLD else ""
        known = at.registry.facility(address) if address else None
        if known is not None and known.place:
            shares[known.place] = shares.get(known.place, Fraction(0)) + share
            places.setdefault(known.place, set()).add(address)
    if not shares:
        return "", frozenset()
    country = max(sorted(shares), key=lambda code: shares[code])
    return country, frozenset(places[country])
