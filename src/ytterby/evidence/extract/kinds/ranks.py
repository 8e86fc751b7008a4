"""Home to ranks: the largest producer, the largest reserves, the first three destinations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ytterby.evidence.claims import Kind
from ytterby.evidence.extract import naming
from ytterby.evidence.extract.actors import actor, subject_name
from ytterby.evidence.extract.context import Figure, Sentence
from ytterby.evidence.extract.kinds.contract import Setting, made, trimmed
from ytterby.evidence.extract.topic import Found

_WHAT: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (
        re.compile(
            r"producers?\b|producing|manufacturers?\b|makers?\b|miners?\b|output|生产|产国|制造|产量|产出国"
            r"|矿商|refiners?\b|processors?\b",
            re.IGNORECASE,
        ),
        "production",
    ),
    (
        re.compile(
            r"reserves?\b|holders? of\b|deposits?\b|resources?\b|储量|储备|资源国"
            r"|蕴藏",
            re.IGNORECASE,
        ),
        "reserve",
    ),
    (
        re.compile(
            r"exporters?\b|importers?\b|suppliers?\b|buyers?\b|destinations?\b|markets?\b|sources?\b|出口|进口"
            r"|目的地|买家|供应国|来源|市场|客户",
            re.IGNORECASE,
        ),
        "trade_volume",
    ),
    (re.compile(r"consumers?\b|users?\b|消费国|需求国|用户", re.IGNORECASE), "demand"),
)
_TOP = re.compile(
    r"(?:前|top\s*)(?:\d+|[一二三四五六七八九十两]+|two|three|four|five|six|ten)(?:大|名|位|\b)", re.IGNORECASE
)
_NOT = re.compile(
    r"shareholders?|股东|plants?\b|facilit|factory|工厂|基地|项目|deal|order|investment|mine\b|refinery|矿山"
    r"|carmaker|automaker|车企",
    re.IGNORECASE,
)
_HIGH = re.compile(r"^\s*-?(?:high|low|highest|lowest|best|worst)|^\s*(?:高|低|新高|新低)", re.IGNORECASE)


def decide(figure: Figure, setting: Setting) -> Found | None:
    """A place in an order of producers, holders of reserves or traders."""
    if figure.quantity.dimension != "rank" or figure.quantity.noun in ("high", "low") or _HIGH.match(figure.after):
        return None
    found = list(ranked(figure, setting))
    if not found:
        return None
    setting.topic.said.extend(found[1:])
    return found[0]


_TOPS = re.compile(
    r"\b(?:the |its )?(?:top (?P<a>two|three|four|five|ten)"
    r"|(?P<b>two|three|four|five|ten) (?:largest|biggest|main|top))\s+"
    r"(?:\w+ ){0,3}?(?:buyers|destinations|markets|importers|customers|suppliers)\b",
    re.IGNORECASE,
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}


def tops(sentence: Sentence, setting: Setting) -> Iterator[Found]:
    """The first few of a trade in words ("the three biggest buyers"), where no figure has told them."""
    topic = setting.topic
    if topic.flow not in ("export", "import"):
        return
    for match in _TOPS.finditer(sentence.text, sentence.start, sentence.end):
        if any(
            one.dimension == "rank" and one.start < match.end() and match.start() < one.end
            for one in sentence.quantities
        ):
            continue
        clause = sentence.clause_at(match.start())
        number = _NUMBERS[(match["a"] or match["b"]).lower()]
        start, end = trimmed(sentence.text, sentence.start, clause.end, match.start(), match.end())
        yield Found(
            "trade_volume",
            start,
            end,
            value=float(number),
            unit="rank",
            subject=naming.country(topic.reporter or "CN"),
            object=f"top {number} {naming.as_modifier(topic.material)} {topic.flow} destinations",
            material=topic.material,
            place=topic.reporter or "CN",
            period=topic.period,
            theme=topic.flow,
            attributed_to=setting.speaker,
        )


def ranked(figure: Figure, setting: Setting) -> list[Found]:
    """One statement for each thing the rank is held in ("largest producer and holder of")."""
    sentence = figure.sentence
    stop = min(figure.segment.end if figure.segment.end - figure.end > 8 else figure.clause.end, figure.end + 64)
    ahead = sentence.text[figure.end : stop]
    if _NOT.search(ahead[:28]) or _TOGETHER.search(ahead[:40]) or _WITHOUT.search(figure.before[-24:]):
        return []
    if not ahead.strip(" .") or _WORLD.match(ahead):
        kind = _own(figure, setting)
        return [_made(figure, setting, kind)] if kind else []
    hits = [(match.start(), kind) for pattern, kind in _WHAT if (match := pattern.search(ahead))]
    if not hits:
        return []
    hits.sort()
    first = hits[0][0]
    kinds = [
        kind
        for at, kind in hits
        if at == first or (at - first < 24 and re.search(r"\band\b|和|与|、|兼", ahead[first:at]))
    ]
    made_of: list[Found] = []
    for kind in kinds:
        if (
            kind == "trade_volume"
            and not _TOP.search(sentence.text[max(figure.clause.start, figure.start - 6) : figure.end + 2])
            and not re.search(
                r"export|import|supplier|出口|进口|供应国|来源|buyer|买家|market|destination", ahead, re.IGNORECASE
            )
        ):
            continue
        made_of.append(_made(figure, setting, kind))
    return made_of


_TOGETHER = re.compile(
    r"合计|共占|总共|一共|合占|加起来"
    r"|\b(?:together|combined|between them|collectively|in all|took|take|account(?:s|ed)? for)\b",
    re.IGNORECASE,
)
"""The first few taken as one holder: then they are who a share belongs to, and no place in an order."""
_WITHOUT = re.compile(
    r"\b(?:if|without|unless|outside|excluding|apart from|other than|removing|losing)\s+(?:the|its|their|that)?\s*$"
    r"|(?:若|如果|剔除|排除|去掉|失去|除了?|扣除)[^,。]{0,3}$",
    re.IGNORECASE,
)
_WORLD = re.compile(r"\s*(?:in the world|globally|worldwide|anywhere|on earth)\b[\s.)]*$", re.IGNORECASE)


def _own(figure: Figure, setting: Setting) -> Kind | None:
    """What a bare rank behind a figure of the same sentence ranks ("16 million tons, the third largest")."""
    last = setting.topic.last
    if last is None or last.start < figure.sentence.start or figure.start - last.end > 12:
        return None
    return last.kind if last.kind == "reserve" else None


def _made(figure: Figure, setting: Setting, kind: Kind) -> Found:
    topic = setting.topic
    thing = naming.material(figure, topic)
    if kind == "trade_volume":
        number = figure.quantity.value or 0
        who = naming.country(topic.reporter or "CN")
        words = f"top {number:g} {naming.as_modifier(thing)} {topic.flow or 'export'} destinations"
        return made(
            figure,
            setting,
            kind,
            subject=who,
            object=words,
            material=thing,
            place=topic.reporter or "CN",
            unit="rank",
            theme=topic.flow or "export",
            comparator="=",
        )
    actor_found = actor(figure, topic, setting.spoken)
    return made(
        figure,
        setting,
        kind,
        subject=subject_name(actor_found) if actor_found else "",
        object=naming.material_words(thing),
        material=thing,
        place=naming.code_of(actor_found),
        theme=kind,
        actor=actor_found,
        unit="rank",
        comparator="=",
        carry=False,
    )
