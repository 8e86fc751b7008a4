"""Home to the sense of what is needed and paid: demand, content of products, prices."""

from __future__ import annotations

import re

from ytterby.evidence import scope, spans
from ytterby.evidence.claims import Claim
from ytterby.evidence.named_things import demand_name, intensity_of
from ytterby.evidence.scope import slug
from ytterby.evidence.senses.sense import PERCENT, Sense, code
from ytterby.terms.materials import materials


def intensity(claim: Claim, said: str) -> Sense:
    """What one product needs: magnets per car or robot, rare earths per weapon."""
    thing, known, unit = intensity_of(claim, said)
    family, exact = scope.product(claim, said)
    told = scope.all_words(claim)
    elemental = re.search(r"elemental|元素", told)
    if scope.BEARING.search(told) and not elemental:
        exact = "rare-earth-bearing material"
    elif exact in ("rare earths", "") or elemental:
        exact = "rare earths"
    if exact == "rare-earth-bearing material" or not known(family, exact):
        name = f"intensity:{thing}:{slug(exact)}"
    else:
        name = f"intensity:{thing}"
    return Sense(
        kind="intensity",
        subject=f"content of {thing}",
        basis=exact,
        stage="product",
        parameter=name,
        unit=unit,
    )


def price(claim: Claim, said: str) -> Sense:
    """A price, or its change; what is not in dollars keeps a name of its own, for it needs a rate."""
    time = spans.span(claim)
    label = time.label if time.stated else ""
    if claim.kind == "price" and ".." in label:
        # A price reached over a stretch of time is that of its end.
        label = spans.canonical(label.partition("..")[2])
    name, where = _priced(claim, said), _market(claim, said)
    unit = "USD/kg" if claim.unit.startswith("USD/") else ""
    head = "price"
    against = ""
    if claim.kind == "price_change" or claim.unit in ("%", "share", "x"):
        head, unit = "price_change", "share" if claim.unit in PERCENT else ""
        against = spans.base(claim.basis, claim.against, label)
    elif not claim.unit.startswith("USD/"):
        where = f"{where}, {claim.unit.partition('/')[0]}"
    return Sense(
        kind=head,
        subject=f"price of {name}",
        place=claim.place,
        basis=against or where,
        period=label,
        stated=bool(label),
        parameter=f"{head}:{name}:{where}:{label}{f':{against}' if against else ''}" if label else "",
        unit=unit,
    )


def _priced(claim: Claim, said: str) -> str:
    if claim.material in materials():
        return materials()[claim.material].en
    exact = scope.product(claim, said)[1]
    if exact == "rare earths" and _own(claim):
        return f"{claim.subject} basket (all REO)"
    # NdPr is quoted as oxide where nobody says otherwise.
    return "NdPr oxide" if exact == "NdPr" else exact


def _own(claim: Claim) -> bool:
    """Whether it is a company's own average price, not the market's."""
    return slug(claim.subject) not in ("", "market") and not code(claim.subject)


def _market(claim: Claim, said: str) -> str:
    if scope.FLOOR.search(said):
        return "DoD price floor (MP Materials)" if "NdPr" in scope.product(claim, said)[1] else "floor"
    if _own(claim):
        return "realised" if scope.product(claim, said)[1] == "rare earths" else f"realised by {slug(claim.subject)}"
    if scope.ABROAD.search(said) or claim.place == "EU":
        return "CIF Europe"
    if scope.FOB.search(said):
        return "FOB China"
    return "China domestic" if claim.place == "CN" else claim.place or "not stated"


def demand(claim: Claim, said: str) -> Sense:
    """Demand by path, by use, or as a multiple."""
    time = spans.span(claim)
    _, exact = scope.product(claim, said)
    place = code(claim.subject) or claim.place or "WLD"
    known = demand_name(claim, said, exact, time.label)
    ratio = claim.unit in ("x", "%", "share", "share/y", "%/yr")
    head = "growth:demand" if ratio else "demand"
    return Sense(
        kind="demand" if not ratio else "growth",
        subject=f"demand for {exact}",
        place=place,
        basis=slug(claim.basis),
        period=time.label,
        stated=time.stated,
        parameter=known or f"{head}:{place}:{slug(exact)}:{time.label}",
        unit="" if ratio else "t/y" if "/" in claim.unit else "t",
    )
