"""Home to events: days on which something opened, stopped, sailed, was signed, proposed or taken; years of starts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ytterby.evidence.claims import Modality
from ytterby.evidence.extract import naming, timing
from ytterby.evidence.extract.actors import STATES, main_actor, subject_name
from ytterby.evidence.extract.context import Sentence
from ytterby.evidence.extract.kinds.contract import Setting, trimmed
from ytterby.evidence.extract.topic import Found
from ytterby.evidence.grammar import Span, Time
from ytterby.evidence.names import Entity


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of event: the words that tell it, and whether of what is to come a year will do."""

    name: str
    words: re.Pattern[str]
    years: bool = False
    states: bool = False
    """Whether only an authority can do it."""


_WORK = (
    r"(?:production|output|operations?|mining|deliver(?:y|ies)|shipments?|construction|commissioning|trials?|drilling|sales"
    r"|processing|refining|separation|manufactur\w+|assembly|ramp-?up|supplies|work)"
)
_PLANT = (
    r"(?:output|production|assembly|lines?|plants?|factor(?:y|ies)|mines?|mining|operations|kilns?|furnaces?|smelters?"
    r"|refiner(?:y|ies)|work)"
)
EVENTS: tuple[Event, ...] = (
    Event(
        "stop",
        re.compile(
            r"\b(?:halt(?:s|ed|ing)?|stop(?:s|ped|ping)?|suspend(?:s|ed|ing)?|paus(?:es|ed|ing)|idl(?:es|ed|ing)|shut(?:s"
            rf"|ting)?(?: down)?|clos(?:es|ed|ing)|mothball(?:ed)?)\b[^.;]{{0,50}}\b{_PLANT}\b"
            rf"|\b{_PLANT}\b[^.;,]{{0,30}}\b(?:halted|stopped|suspended|paused|idled|shut|closed|at a standstill)\b"
            r"|\b(?:stopped|halted|suspended|paused)\s+(?:building|making|producing|assembling|refining|mining|separating)\b"
            r"|停产|停工|停线|停摆|关停|停机|停炉",
            re.IGNORECASE,
        ),
    ),
    Event(
        "restart",
        re.compile(
            rf"\b(?:resum(?:e|es|ed|ing)|restart(?:s|ed|ing)?)\b[^.;,]{{0,40}}\b{_WORK}\b|\breopen(?:s|ed)?\b"
            rf"|\brestarted\b|\b{_WORK}\b[^.;,]{{0,24}}\bresume[sd]?\b"
            r"|复产|复工|恢复生产|恢复运转|重启",
            re.IGNORECASE,
        ),
        years=True,
    ),
    Event(
        "sailing",
        re.compile(
            r"\b(?:set sail|sets sail|sail(?:s|ed)|put to sea|departed|left (?:\w+ ){0,2}(?:port|harbou?r)"
            r"|returned to (?:\w+ )?port)\b|启航|起航|出航|出港|离港|返港|出海",
            re.IGNORECASE,
        ),
    ),
    Event(
        "signed",
        re.compile(
            r"\b(?:signed|agreed|struck|concluded|sealed|reached (?:an? )?(?:\w+ ){0,4}(?:deal|agreement|truce|accord"
            r"|consensus|understanding|framework))\b|签署|签订|达成|商定|签约",
            re.IGNORECASE,
        ),
    ),
    Event(
        "start",
        re.compile(
            r"\b(?:opens?|opened|inaugurat\w+|commission(?:s|ed|ing)|ramp(?:ing)?[- ]?up|start-?up|(?:comes?|came)"
            r" (?:on ?stream|on line|online|into operation)|go(?:es)? (?:live|online|into production|on stream)"
            r"|enter(?:s|ed)? (?:production|service|operation)|first (?:production|output|ore|concentrate"
            r"|metal|oxides?|magnets|batch)"
            rf"|(?:start|starts|started|starting|begin|begins|began|beginning|commence[sd]?) (?:[\w-]+ ){{0,4}}{_WORK}"
            rf"|{_WORK} (?:\w+ ){{0,5}}?(?:starts?|started|begins?|began|commence[sd]?))\b"
            r"|\b(?:phase|plant|factory|facility|mine|refinery|line|circuit)\b[^.;]{0,60}\b(?:planned|slated|scheduled|set|due)"
            r" for\b|\bup and running\b"
            r"|\b(?:poured|produced|made|shipped|delivered|turned out)\b[^.;,]{0,12}\bfirst\b"
            r"|首次(?:产出|量产|生产|出货|交付)|产出首[批炉]|(?:储备|项目|产线|工程)[^,。;]{0,16}启动|启动(?:生产|建设|储备)"
            r"|投产|启用|开业|揭牌|开工|投运|(?<!唯一)量产|试产|达产|建成|竣工|动工|投入(?:运营|使用|生产)"
            r"|首批[^,。]{0,16}(?:交付|出货|下线|出厂|产出)"
            r"|\b(?:be|become|becomes) operational\b|\b(?:terbium|dysprosium|samarium|yttrium|gadolinium"
            r"|lutetium|NdPr|magnets"
            r"|oxides?|metals?)\b[^.;,]{0,24}\b(?:due|expected|to follow|may follow|follows?) (?:in|from)\b",
            re.IGNORECASE,
        ),
        years=True,
    ),
    Event(
        "taken",
        re.compile(
            r"\b(?:seized|captured|took (?:over|control|Pangwa|Chipwi)|overran)\b|攻占|占领|夺取|攻下|拿下",
            re.IGNORECASE,
        ),
    ),
    Event(
        "announced",
        re.compile(
            r"\b(?:announced|unveiled|proposed|presented|launched|introduced|confirmed|published|passed|adopted)\b"
            r"|\b(?:proclamation|decree|executive order|memorandum) (?:of|dated|from)\b"
            r"|宣布|公布|提出|推出|发布|出台|通过|确认",
            re.IGNORECASE,
        ),
        states=True,
    ),
)
"""Tried in this order; a clause tells one of them."""

_MATTER = re.compile(
    r"\b(?:plans?|projects?|packages?|schemes?|programmes?|programs?|strateg(?:y|ies)|frameworks?|controls?|measures"
    r"|restrictions|curbs|licen[cs]es?|proclamation|decree|order|act|bill|ban|vault|stockpile|initiative|alliance|rules"
    r"|reserve)\b|方案|计划|措施|管制|战略|法案|框架|禁令|许可|倡议|储备|办法|新规|规则",
    re.IGNORECASE,
)
_HARD = frozenset({"mass", "mass_rate", "money", "price", "percent", "points", "ratio", "power", "energy"})
_SHIP = re.compile(r"Chikyu|地球|Minamitori|南鸟", re.IGNORECASE)
_LATER = re.compile(r"[^,。;]{0,6}(?:之后|以后|以来|后(?!续))")
_AFTER = re.compile(
    r"\b(?:after|since)\b[^,.;]{0,36}$|\b(?:it|they|that|which)\s+(?:had |has |have )?$|被[^,。;]{0,8}的[^,。;]{0,12}$",
    re.IGNORECASE,
)
"""A day told in passing: what the sentence is about came after it."""
_APART = 80
"""How many characters may lie between the words of an event and its time."""


def happened(sentence: Sentence, setting: Setting, clause: Span, words: str) -> Iterator[Found]:
    """What a clause says happened on a day, or is to start in a year; a stop may also tell its end."""
    for event in EVENTS:
        told = event.words.search(words)
        if told is None:
            continue
        at = Span(clause.start + told.start(), clause.start + told.end())
        when = _when(sentence, setting, clause, at, event)
        if when is None or (event.states and not _MATTER.search(sentence.text, sentence.start, clause.end)):
            continue
        if event.name in ("signed", "announced") and _passing(sentence, event, at, when):
            continue
        who, name = _who(sentence, setting, event, at)
        if not name:
            return
        first, _, last = when.period.partition("..")
        yield _made(sentence, setting, clause, at, when, event, first, who, name)
        if event.name == "stop" and timing.day(last):
            yield _made(sentence, setting, clause, at, when, event, last, who, name, "end of ")
        return


def _when(sentence: Sentence, setting: Setting, clause: Span, at: Span, event: Event) -> Time | None:
    near = [
        one
        for one in sentence.times
        if one.period
        and (one.end <= clause.end or _goes_on(sentence, clause, one))
        and clause.start - one.end < 8
        and (one.start - at.end < _APART and at.start - one.end < _APART)
        and not _between(sentence, at, one)
    ]
    days = [one for one in near if timing.day(one.period.partition("..")[0]) and one.role in ("in", "from", "since")]
    if days:
        return days[0]
    if not event.years:
        return None
    coming = [
        one
        for one in near
        if clause.start <= one.start
        and one.kind in _SPANS
        and one.role != "vs"
        and (_coming(one.period, setting) or (_this_year(one.period, setting) and _DUE.search(sentence.words)))
    ]
    return coming[0] if coming else None


_DUE = re.compile(
    r"\b(?:due to|set to|set for|scheduled|slated|expected to|will|is to|are to|planned|plans to|targeted)\b|将"
    r"|预计|计划|拟"
)
_SPANS = ("year", "quarter", "half", "month", "range", "relative")


def _passing(sentence: Sentence, event: Event, at: Span, when: Time) -> bool:
    lead = sentence.text[max(sentence.start, at.start - 40) : at.start]
    past = event.name == "signed" and _LATER.match(sentence.text, max(at.end, when.end))
    return bool(past or _AFTER.search(lead))


def _goes_on(sentence: Sentence, clause: Span, when: Time) -> bool:
    """Whether only places stand between a clause and a time behind it ("in Narva, Estonia, on Friday")."""
    between = sentence.text[clause.end : when.start]
    return len(between) < 24 and bool(re.fullmatch(r"\W*(?:[A-Z]\w+\W*){0,2}(?:(?:on|in|from)\s+)?", between))


def _between(sentence: Sentence, at: Span, when: Time) -> bool:
    """Whether a figure of another matter stands between the words of an event and a time."""
    low, high = min(at.end, when.end), max(at.start, when.start)
    return any(low <= one.start and one.end <= high for one in sentence.quantities if one.dimension in _HARD)


def _who(sentence: Sentence, setting: Setting, event: Event, at: Span) -> tuple[Entity | None, str]:
    topic = setting.topic
    if event.name == "signed":
        parties = _parties(sentence)
        if len(parties) > 1:
            return None, "/".join(parties[:2])
        if not parties and re.search(r"truce|休战|停火", sentence.words, re.IGNORECASE):
            return None, "China/United States"
    who = main_actor(sentence, setting.spoken)
    if event.states:
        if who is not None and who.kind in STATES:
            return who, subject_name(who)
        speaker = next(
            (
                one.entity
                for one in sentence.named(sentence.start, sentence.end)
                if one.entity.kind in STATES and one.end <= at.start
            ),
            None,
        )
        if speaker is not None:
            return speaker, subject_name(speaker)
        if topic.issuer:
            return None, topic.issuer
        if topic.actor is not None and topic.actor.kind in STATES:
            return topic.actor, subject_name(topic.actor)
        return None, ""
    if event.name == "sailing" and (who is None or who.kind == "product") and _SHIP.search(sentence.words):
        return None, "Japan"
    if event.name == "sailing" and who is not None and who.kind == "place" and who.place:
        return who, naming.country(who.place)
    if event.name in ("start", "stop", "restart") and topic.company is not None:
        who = topic.company if who is None or who.kind in ("country", "place") else who
    who = who or topic.actor
    return who, subject_name(who) if who is not None else ""


def _parties(sentence: Sentence) -> list[str]:
    """The states that a deal binds, a person standing for his own."""
    found = []
    for name in sentence.names:
        one = name.entity
        if one.kind in ("country", "government") and one.place not in ("WLD", "ZZ"):
            found.append(subject_name(one))
        elif one.kind == "person" and one.place:
            found.append(naming.country(one.place))
    return list(dict.fromkeys(found))


def _made(
    sentence: Sentence,
    setting: Setting,
    clause: Span,
    at: Span,
    when: Time,
    event: Event,
    on: str,
    who: Entity | None,
    name: str,
    part: str = "",
) -> Found:
    site = next(
        (
            one.entity.en
            for one in sentence.named(clause.start, clause.end, "plant", "mine", "place")
            if one.entity is not who
        ),
        "",
    )
    start, end = trimmed(
        sentence.text,
        min(clause.start, when.start),
        clause.end,
        min(when.start, at.start),
        max(when.end, at.end),
    )
    mood: Modality = "asserted"
    if _coming(on, setting) or _this_year(on, setting):
        mood = "target"
    exact = timing.day(on) is not None
    found = Found(
        "date",
        start,
        end,
        value=None if exact else float(on[:4]),
        unit="date" if exact else "year",
        subject=name,
        object=f"{site} {part}{event.name}".strip(),
        place=naming.code_of(who) if who is not None else "",
        as_of=on,
        modality=mood,
        attributed_to=setting.speaker,
        actor=who,
    )
    if not exact and _SHORT.fullmatch(on):
        # A month or quarter is no figure of its own: what is told is that something is expected then.
        found.kind, found.value, found.unit, found.by, found.as_of = "forecast", None, "", on, ""
        found.modality = "target" if sentence.has("target") else "forecast"
    return found


_SHORT = re.compile(r"\d{4}-(?:\d\d|Q[1-4])")


def _this_year(label: str, setting: Setting) -> bool:
    return setting.topic.today is not None and label == str(setting.topic.today.year)


def _coming(label: str, setting: Setting) -> bool:
    today = setting.topic.today
    return today is not None and label[:4].isdigit() and (label[:4] > str(today.year) or label > today.isoformat())
