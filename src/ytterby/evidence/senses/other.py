"""Home to the sense of times and of figures of no special kind."""

from __future__ import annotations

import re

from ytterby.evidence import scope, spans
from ytterby.evidence.claims import Claim
from ytterby.evidence.names import lookup
from ytterby.evidence.scope import slug
from ytterby.evidence.senses.sense import Sense, actor_of

_STOP = re.compile(r"\bstop|idl(?:e|ed|ing)\b|\bpaus|\bhalt|shut|停产|停工|停摆|关停|暂停生产")
_EASED = re.compile(r"simplif|general|one-year|简化|通用|一年期")
_VALID = re.compile(r"valid|有效期")
_STATUTE = re.compile(r"statut|法定|legal limit|working.?day|工作日")


def duration(claim: Claim, said: str) -> Sense:
    """Times of licences and of standing lines; others are figures of no special kind."""
    told = scope.all_words(claim)
    destination = claim.counterpart or (claim.place if claim.place not in ("", "CN") else "WLD")
    time = spans.span(claim)
    actor = slug(claim.subject).replace(" ", "_")
    unit = "day"
    if scope.LICENCE.search(said) and _VALID.search(said):
        kind = ":simplified" if _EASED.search(told) else ""
        name, subject, unit = f"licence:validity{kind}", f"validity{kind}", "month"
    elif scope.LICENCE.search(said) and claim.unit == "workday" and _STATUTE.search(told):
        name, subject, unit = "licence:statute", "review_time", "working day"
    elif scope.LICENCE.search(said):
        name, subject = f"licence:review_time:{destination}:{time.label}", "review_time"
        unit = "working day" if claim.unit == "workday" else "day"
    elif _STOP.search(told) and _is_maker(claim):
        name, subject = f"licence:{actor}_stop", "stoppage"
    else:
        return other(claim, said)
    return Sense(
        kind="duration",
        subject=subject,
        place="CN",
        counterpart=destination,
        basis="" if subject != "stoppage" else actor,
        period=time.label,
        stated=time.stated,
        parameter=name,
        unit=unit,
    )


def _is_maker(claim: Claim) -> bool:
    """Whether it is a company's line that stands, not an authority's measure."""
    entity = lookup(claim.subject) if claim.subject else None
    return entity is not None and entity.kind in ("company", "plant")


def other(claim: Claim, said: str) -> Sense:
    """A figure of no special kind: whose, of what, when."""
    time = spans.span(claim)
    actor, thing = actor_of(claim), slug(claim.object)
    name = f"{claim.kind}:{actor}:{thing}:{time.label or 'undated'}" if thing and (actor or time.stated) else ""
    return Sense(
        kind=claim.kind,
        subject=f"{actor} {thing}",
        material=claim.material,
        place=claim.place,
        counterpart=claim.counterpart,
        basis=slug(claim.basis),
        period=time.label,
        stated=time.stated,
        parameter="" if claim.kind in ("measure", "date", "threshold") else name,
    )
