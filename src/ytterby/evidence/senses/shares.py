"""Home to the sense of shares: of a stage, of imports, of applications granted."""

from __future__ import annotations

from functools import lru_cache

from ytterby.evidence import scope, spans
from ytterby.evidence.claims import Claim
from ytterby.evidence.names import lookup
from ytterby.evidence.scope import slug
from ytterby.evidence.senses.sense import Sense, actor_of, code

_STAGES = ("separation", "metal", "magnet", "reserves")


def share(claim: Claim, said: str) -> Sense:
    """A share: who holds it, of which stage, counted how."""
    if scope.LICENCE.search(said):
        return _granted(claim, said)
    if claim.kind == "dependency":
        return _dependency(claim, said)
    actor = holder(claim)
    of = scope.stage(claim, said, actor)
    time = spans.span(claim)
    year = time.label[:4] or "undated"
    if not of:
        _, exact = scope.product(claim, said)
        name = f"share:{slug(exact) or 'other'}:{actor}:{year}:not stated"
        return Sense("share", f"share of {exact}", exact, place=actor, period=year, parameter=name, unit="share")
    counted = scope.basis(claim, said, of)
    if of == "self_sufficiency":
        counted = scope.product(claim, said)[1] or "not stated"
    return Sense(
        kind="share",
        subject=f"share of {of}",
        stage={"mining": "mine", "separation_heavy": "separation"}.get(of, of if of in _STAGES else ""),
        place=actor,
        basis=counted,
        period=year,
        stated=time.stated,
        parameter=f"share:{of}:{actor}:{year}:{counted}",
        unit="share",
    )


@lru_cache(maxsize=4096)
def _country(name: str) -> str:
    """The country of a region or mine, empty where the name is neither."""
    entity = lookup(name)
    return entity.place if entity is not None and entity.kind in ("place", "mine", "country", "government") else ""


def holder(claim: Claim) -> str:
    """Who holds a share: a country, also where one of its regions or mines is named, else the actor."""
    return code(claim.subject) or _country(claim.subject) or actor_of(claim)


def _dependency(claim: Claim, said: str) -> Sense:
    time = spans.span(claim)
    year = time.label[:4] or "undated"
    who = code(claim.subject)
    label = who or f"{claim.place if claim.place not in ('', 'WLD', 'CN') else 'US'} {claim.subject}"
    _, exact = scope.product(claim, said)
    counted = "rare earth imports" if exact in ("rare earths", "") else exact
    counted = "claim" if not who else counted
    return Sense(
        kind="dependency",
        subject="share of import_from_china" + ("" if who else f"; {claim.subject}"),
        place=who or label.partition(" ")[0],
        basis=counted,
        period=year,
        stated=time.stated,
        parameter=f"share:import_from_china:{label}:{year}:{counted}",
        unit="share",
    )


def _granted(claim: Claim, said: str) -> Sense:
    time = spans.span(claim)
    # The authority grants; who counted what was granted is the voice named, or whoever prints it.
    entity = lookup(claim.subject) if claim.subject else None
    counted = "" if entity is not None and entity.kind in ("agency", "government", "country") else claim.subject
    who = slug(claim.attributed_to or counted or claim.source.originator) or "unnamed"
    destination = claim.counterpart or (claim.place if claim.place not in ("", "CN") else "WLD")
    ending = "share" if scope.GRANTED.search(said) else "part"
    return Sense(
        kind="share",
        subject="approval_share" if ending == "share" else "share of applications",
        place="CN",
        counterpart=destination,
        basis=who,
        period=time.label,
        stated=time.stated,
        parameter=f"licence:{who.replace(' ', '_')}_{time.label}_{ending}",
        unit="share",
    )
