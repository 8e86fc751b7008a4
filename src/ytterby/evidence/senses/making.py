"""Home to the sense of what is made: output, capacity, quotas, reserves, and things counted by the piece."""

from __future__ import annotations

import re

from ytterby.evidence import scope, spans
from ytterby.evidence.claims import Claim
from ytterby.evidence.named_things import robots_name
from ytterby.evidence.plants import plant
from ytterby.evidence.scope import slug
from ytterby.evidence.senses.other import other
from ytterby.evidence.senses.sense import PERCENT, Sense, actor_of, code, counted
from ytterby.evidence.senses.shares import share

_MADE_BY = (
    ("robots:opt_", "optimus"),
    ("robots:tesla_", "optimus"),
    ("robots:ubt_", "ubtech"),
    ("robots:", "humanoids"),
)
_WHOLE = re.compile(r"\bannual|full.?year|whole year|for the year|\btotal|全年|年度总|总量(?!控制)|合计")
_BATCH = re.compile(r"batch (\d)|第([一二三四])批|(first|second|third) batch")
_ORES = re.compile(r"(heavy|ion.?(?:clay|adsorption)|重稀土|离子型)|light rare|rock|轻稀土|岩矿")
_BATCHES = {"一": "1", "二": "2", "三": "3", "四": "4", "first": "1", "second": "2", "third": "3"}
_ISSUERS = ("", "miit", "mnr", "miit/mnr", "mofcom", "工信部", "自然资源部")


def production(claim: Claim, said: str) -> Sense:
    """What was produced: by a plant, a country, a company; things counted go to `units_built`."""
    time = spans.span(claim)
    label = time.label if time.stated or claim.kind == "forecast" else ""
    actor, place = actor_of(claim), code(claim.subject)
    family, exact = scope.product(claim, said)
    if counted(claim):
        return units_built(claim, said, label)
    works = "" if place else plant(claim, said, exact)
    unit = "t"
    if works:
        name = f"output:{works}:{_as_printed(label)}"
    elif place and exact in ("rare earths", "rare earths, ore") and not scope.REFINED.search(said):
        name, exact, unit = f"production:{place}:{label}:mine_output_REO", "mine_output_REO", "t REO"
    elif place == "CN" and family == "magnets" and len(label) == 4:
        name = f"output:mag_cn_{label}:{label}"
    else:
        name = f"production:{actor}:{label}:{slug(exact)}"
    mined = exact == "mine_output_REO"
    return Sense(
        kind="production",
        subject="rare-earth supply" if mined else f"output of {actor}",
        material="" if mined else exact,
        stage="mine" if mined else "",
        place=place,
        basis=exact if mined else "",
        period=label,
        stated=time.stated,
        parameter=name if label else "",
        unit=unit,
    )


def _as_printed(label: str) -> str:
    """A period as the plants' tables print it: "Apr-Dec 2025", "H2 2025", "FY2026" (July to June)."""
    fiscal = re.fullmatch(r"\d{4}-07\.\.(\d{4})-06", label)
    if fiscal is not None:
        return f"FY{fiscal[1]}"
    found = re.fullmatch(r"(\d{4})-(?:(H[12]|Q[1-4])|([A-Z][a-z]{2})([A-Z][a-z]{2}))", label)
    if found is None:
        return label
    return f"{found[2]} {found[1]}" if found[2] else f"{found[3]}-{found[4]} {found[1]}"


def units_built(claim: Claim, said: str, label: str) -> Sense:
    """Things built and counted: robots by who says so, else by maker and thing."""
    known = robots_name(claim, said, label)
    actor, thing = actor_of(claim), slug(claim.object) or slug(claim.subject)
    alike = next((name for head, name in _MADE_BY if known.startswith(head)), "")
    if not alike:
        # Whose robots: without a maker's name the world's.
        alike = thing if code(claim.subject) or not claim.subject or actor in thing else f"{actor} {thing}"
    return Sense(
        kind="count" if claim.modality in ("asserted", "reported") else "forecast",
        subject=alike,
        stage="product",
        period=label,
        parameter=known or (f"units:{actor}:{thing}:{label}" if label else ""),
        unit="unit" if claim.unit in ("count", "unit") else "unit/y",
    )


def capacity(claim: Claim, said: str) -> Sense:
    """Capacity of a plant where the words lead to one, else of an actor."""
    if counted(claim):
        return other(claim, said)
    _, exact = scope.product(claim, said)
    works = plant(claim, said, exact)
    actor = actor_of(claim)
    mine = works and (claim.stage == "mine" or bool(scope.MINED.search(said)))
    name = f"{'mine' if mine else 'capacity'}:{works}" if works else f"capacity:{actor}:{slug(exact)}"
    time = spans.span(claim)
    return Sense(
        kind="capacity",
        subject=works or f"capacity of {actor}",
        material=exact,
        place=claim.place if not works else "",
        period=time.label[:4],
        stated=time.stated,
        parameter=name,
        unit="t/y",
    )


def quota(claim: Claim, said: str) -> Sense:
    """A production quota: the year's own, or one batch or one holder's part of it; a bound is no quota."""
    if claim.comparator in ("<", "≤", ">", "≥"):
        return other(claim, said)
    time = spans.span(claim)
    year = time.label[:4]
    told = scope.all_words(claim)
    if claim.unit in PERCENT:
        return _quota_change(claim, _quota_of(said, told), year)
    stage = _quota_of(said, told)
    batch = _BATCH.search(told if not _BATCH.search(said) else said)
    number = next((_BATCHES.get(part, part) for part in batch.groups() if part), "") if batch else ""
    holder = "" if code(claim.subject) or slug(claim.subject) in _ISSUERS else slug(claim.subject)
    if not (number or holder) and (sort := _ORES.search(said)):
        name = f"quota_{'ion_clay' if sort[1] else 'light_rock'}_REO"
        parameter = f"production:CN:{year}:{name}"
        return Sense(
            "quota", name, stage="mine", place="CN", basis=name, period=year, parameter=parameter, unit="t REO"
        )
    whole = f"event:{year}-12-31:{stage}_quota:China"
    part = f"quota:{holder or 'CN'}:{stage}:{year}{f':batch {number}' if number else ''}"
    return Sense(
        kind="quota",
        subject=f"{stage} quota of {holder or 'China'}",
        place=claim.place or "CN",
        basis="stage not stated" if stage == "both" else f"batch {number}" if number else _extent(told),
        period=year,
        stated=time.stated,
        parameter=part if number or holder or stage == "both" else whole,
        unit="t REO/y",
    )


def _extent(told: str) -> str:
    """Whether a quota is said to be the year's own; quotas come in batches, and not every text says which it means."""
    return "whole year" if _WHOLE.search(told) else "whole year or batch not stated"


def _quota_of(said: str, told: str) -> str:
    """Which quota: ``production`` (of mines), ``separation``, ``both`` where it is neither alone."""
    for words in (said, told):
        mined, refined = bool(scope.MINED.search(words)), bool(scope.REFINED.search(words))
        if mined != refined:
            return "production" if mined else "separation"
    return "both"


def _quota_change(claim: Claim, stage: str, year: str) -> Sense:
    against = spans.base(claim.basis, claim.against, year)
    return Sense(
        kind="trade_change",
        subject=f"{stage} quota of China",
        place="CN",
        basis=against if stage != "both" else f"{against}, stage not stated",
        period=year,
        parameter=f"change:quota:CN:{stage}:{year}:{against}",
        unit="share",
    )


def reserve(claim: Claim, said: str) -> Sense:
    """Reserves of a country, or their share of the world's."""
    if claim.unit in PERCENT:
        return share(claim, f"{said} reserves")
    place = actor_of(claim)
    if claim.unit == "rank":
        return other(claim, said)
    time = spans.span(claim)
    name = f"reserve:{place}"
    return Sense(
        "reserve", "reserves", stage="mine", place=place, basis="reserves", stated=time.stated, parameter=name, unit="t"
    )
