"""Home to the sense of what crosses borders: volumes, and changes of volumes, output or sales."""

from __future__ import annotations

import re

from ytterby.evidence import scope, spans
from ytterby.evidence.claims import Claim
from ytterby.evidence.scope import slug
from ytterby.evidence.senses.sense import PERCENT, Sense, actor_of, code

_MONEY = re.compile(r"^(USD|CNY|EUR|JPY|AUD|CAD|GBP|KRW|TWD|INR|HKD|MYR|BRL)\b")


def _trade_ends(claim: Claim, flow: str) -> tuple[str, str]:
    """(origin, destination) of a flow."""
    own = code(claim.subject) or claim.place or "ZZ"
    others = [end for end in (claim.counterpart, claim.place) if end and end != own]
    other = others[0] if others else "WLD"
    return (other, own) if flow == "import" else (own, other)


def _flow(said: str) -> str:
    return "import" if scope.IMPORTS.search(said) and not scope.EXPORTS.search(said) else "export"


def _traded(claim: Claim, said: str) -> tuple[str, str, str]:
    """(family, scope, the product's word in trade parameters)."""
    family, exact = scope.product(claim, said)
    if family == "magnets":
        # Customs knows one line of permanent magnets of metal; the press calls it by any of these names.
        alike = ("magnets", "permanent magnets")
        exact = "magnets" if exact in alike else exact
        return family, exact, "magnets_and_alloys" if exact == "magnets and alloys" else slug(exact)
    if exact == "rare earths":
        if _flow(said) == "export":
            return family, exact, "all_rare_earths_17"
        return family, exact, "RE_feed_import_REO" if scope.REO.search(said) else "RE_feed_import_gross"
    single = {"Dy": "dysprosium", "Tb": "terbium"}.get(exact)
    return family, exact, single or (exact if exact.partition(" ")[0] in ("Dy", "Tb", "Nd", "NdPr") else slug(exact))


def trade_volume(claim: Claim, said: str) -> Sense:
    """A volume over the border in a period; without a period it has no name. A company's revenue is none."""
    if scope.MONEY.search(said) and _MONEY.match(claim.unit):
        time = spans.span(claim)
        name = f"revenue:{actor_of(claim)}:{time.label}" if time.stated else ""
        return Sense("revenue", f"revenue of {actor_of(claim)}", period=time.label, stated=time.stated, parameter=name)
    flow = _flow(said)
    origin, destination = _trade_ends(claim, flow)
    family, exact, word = _traded(claim, said)
    time = spans.span(claim)
    label = time.label if time.stated else ""
    head = "trade_value" if _MONEY.match(claim.unit) else "trade"
    return Sense(
        kind="trade_volume" if head == "trade" else head,
        subject=f"{flow} of {family if family == 'magnets' else word}",
        material=exact if family == "magnets" else word,
        place=origin,
        counterpart=destination,
        basis={"RE_feed_import_REO": "REO equivalent", "RE_feed_import_gross": "gross weight"}.get(word, ""),
        period=label,
        stated=bool(label),
        parameter=f"{head}:{flow}:{origin}:{destination}:{word}:{label}" if label else "",
        unit="" if head != "trade" else "t REO" if word.endswith("_REO") else "t",
    )


def trade_change(claim: Claim, said: str) -> Sense:
    """A change against an earlier period: of trade, else of output, sales or demand."""
    time = spans.span(claim)
    label = time.label if time.stated else ""
    against = spans.base(claim.basis, claim.against, label)
    ending = f"{label}{'' if against == 'on the year before' else f':{against}'}" if label else ""
    family, exact, word = _traded(claim, said)
    what = _changing(claim, said)
    if what == "trade":
        flow = _flow(said)
        origin, destination = _trade_ends(claim, flow)
        name = f"change:{flow}:{origin}:{destination}:{word}:{ending}"
        subject, place, counterpart = f"{flow} of {family if family == 'magnets' else word}", origin, destination
        exact = exact if family == "magnets" else word
    else:
        actor = actor_of(claim)
        name = f"change:{what}:{actor}:{slug(exact) or 'all'}:{ending}"
        subject, place, counterpart = f"{what} of {actor}", code(claim.subject), ""
    return Sense(
        kind="trade_change",
        subject=subject,
        material=exact,
        place=place,
        counterpart=counterpart,
        basis=against,
        period=label,
        stated=bool(label),
        parameter=name if label else "",
        unit="share" if claim.unit in PERCENT else "",
    )


def _changing(claim: Claim, said: str) -> str:
    if scope.EXPORTS.search(said) or scope.IMPORTS.search(said):
        return "trade"
    if scope.MONEY.search(said):
        return "sales"
    if scope.OUTPUT.search(said):
        return "production"
    if scope.DEMAND.search(said):
        return "demand"
    return "trade" if code(claim.subject) or claim.counterpart else "production"
