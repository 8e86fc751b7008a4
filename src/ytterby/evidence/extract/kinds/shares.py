"""Home to shares: which part of the world's or a market's something somebody holds."""

from __future__ import annotations

import re

from ytterby.evidence.extract import naming
from ytterby.evidence.extract.actors import ACTING, actor, subject_name
from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.firms import follows, unnamed
from ytterby.evidence.extract.kinds.approvals import destination
from ytterby.evidence.extract.kinds.contract import Setting, made
from ytterby.evidence.extract.kinds.direction import is_level
from ytterby.evidence.extract.kinds.steps import step
from ytterby.evidence.extract.topic import Found
from ytterby.evidence.names import Entity

_OF = re.compile(
    r"^\s*(?:market )?(?:share )?(?:of)\b|^\s*的|^\s*(?:由|来自|产自|出自)|^\s*(?:market )?share|^\s*(?:以上"
    r"|左右)?的?[^,，。]{0,12}份额"
)
_OF_SELF = re.compile(r"^\s*of\s+(?:its|their|the (?:country|company)'s|\w+'s)\b", re.IGNORECASE)
_SURVEY = re.compile(
    r"\bsurvey|\brespondents\b|\bmembers\b|\bof (?:the )?(?:firms|companies)\b|受访|会员|问卷", re.IGNORECASE
)
_ANSWER = re.compile(
    r"^\s*(?:of (?:them|its members|members|firms|respondents|companies) )?(?:\w+ )?(?:expect|expected|report"
    r"|reported|said|say|face|faced|fear"
    r"|feared|plan|planned|a stoppage|stoppages?|had|have)|^\s*(?:的)?(?:企业|会员|受访)?[^,。]{0,6}(?:预计"
    r"|表示|认为|面临|担心)",
    re.IGNORECASE,
)


def _answer(figure: Figure) -> str:
    words = figure.after
    if re.search(r"stop|停", words):
        return "expecting a stoppage"
    return "expecting disruption" if re.search(r"disrupt|中断|影响", words) else "surveyed"


_FILES = re.compile(
    r"^\s*(?:of\s+)?(?:[\w-]+\s+){0,4}(?:files|applications|requests|cases)\b|^\s*(?:的)?申请|^\s*(?:were "
    r"|was )?(?:approved|granted|获批)",
    re.IGNORECASE,
)
_SECTORS = (
    (re.compile(r"\b(?:defen[cs]e|military)\b|国防|军工|军事", re.IGNORECASE), "defence"),
    (
        re.compile(r"\b(?:carmakers?|automotive|car industry|auto sector)\b|汽车业|车企|汽车行业", re.IGNORECASE),
        "car industry",
    ),
    (re.compile(r"\bwind (?:power|energy|sector)\b|风电", re.IGNORECASE), "wind power"),
    (re.compile(r"\b(?:consumer )?electronics\b|消费电子", re.IGNORECASE), "electronics"),
)
_NOT_FIELD = re.compile(r"interest rate|通胀|利率|inflation|votes?\b|选票|shares? (?:rose|fell|jumped)|股价")


def decide(figure: Figure, setting: Setting) -> Found | None:
    """A percentage that is part of a whole: of a market, of world output, of demand, of applications."""
    sentence = figure.sentence
    if is_level(figure) and setting.topic.held in ("depend", "selfsuff") and not figure.has("share"):
        return None
    linked = (
        figure.has("share") or bool(_OF.match(figure.after)) or (is_level(figure) and setting.topic.held == "share")
    )
    linked = linked or bool(_ANSWER.search(figure.after) and _SURVEY.search(sentence.words))
    if _GRADE.search(figure.before[-18:]):
        return None
    rate = _UTILISED.search(figure.before) or _UTILISED_AFTER.match(figure.after)
    if rate:
        return _utilised(figure, setting)
    linked = linked or (
        figure.quantity.dimension == "percent" and bool(_IN_N.search(sentence.text[figure.start : figure.end]))
    )
    linked = linked or (figure.has("licence", "clause") and figure.has("apply", "clause"))
    linked = linked or bool(_DONE_IN.match(figure.after))
    filed = setting.topic.licensing or "apply" in sentence.tags
    cleared = filed and bool(_CLEARED_AFTER.match(figure.after))
    linked = linked or cleared or (filed and (bool(_CLEARED.search(figure.before)) or figure.has("licence")))
    if not linked:
        linked = sentence.has("share", figure.clause.start, figure.clause.end) or _listed(figure, setting)
    if not linked or _NOT_FIELD.search(sentence.words):
        return None
    thing = naming.material(figure, setting.topic)
    if _ANSWER.search(figure.after) and _SURVEY.search(sentence.words):
        return made(
            figure,
            setting,
            "share",
            subject=setting.speaker or "firms",
            object=f"firms {_answer(figure)}",
            theme="survey",
            modality="asserted",
        )
    if (
        (setting.topic.licensing and _FILES.search(figure.after))
        or figure.has("licence")
        or cleared
        or (figure.has("apply", "clause") and figure.has("licence", "clause"))
    ):
        return made(
            figure,
            setting,
            "share",
            subject="MOFCOM",
            object=f"export licence applications {'pending' if _WAITING.search(figure.after) else 'approved'}",
            place="CN",
            counterpart=destination(figure, setting),
            theme="licence",
            material=thing,
        )
    return _held(figure, setting, thing)


def _held(figure: Figure, setting: Setting, thing: Entity | None) -> Found | None:
    """A share of a market, of output or of a firm, with whoever holds it."""
    sentence = figure.sentence
    who = holder(figure, setting)
    if who is None and thing is None:
        return None
    sector = next((name for pattern, name in _SECTORS if pattern.search(figure.before)), "")
    if sector and who is not None and not any(name.entity is who for name in sentence.names):
        who = None
    subject = follows(figure, setting.topic) or (
        unnamed(figure, setting.topic, who) or subject_name(who) if who else sector or "world"
    )
    market = _market(figure)
    stage = step(figure)
    if stage in ("mine", "separation") and thing is not None and thing.stage == "magnet" and not _here(figure):
        thing = None
    words = _words(figure, thing, stage)
    found = made(
        figure,
        setting,
        "share",
        subject=subject,
        object=words,
        material=thing,
        place=market or "WLD",
        theme="share",
        actor=who,
        counterpart="",
        stage=stage or (thing.stage if thing else ""),
        basis=figure.quantity.basis or words,
        carry=False,
    )
    if found.modality == "forecast" and who is not None and who.kind == "company" and _STAKE.search(figure.before):
        # What a firm will hold is agreed, not foreseen.
        found.modality = "target"
    return found


_STAKE = re.compile(r"\bwill (?:hold|own|take|get|have|keep)\b|将(?:持有|持股|拥有|占股|取得)")
_GRADE = re.compile(
    r"\b(?:grading|grades?|grade of|assaying|graded)\s*(?:at|about|around)?\s*$|(?:品位|品味)(?:约|为|达|在|高达)*$"
)
_IN_N = re.compile(r"\b(?:in|out of) (?:every )?\w+$", re.IGNORECASE)
_UTILISED = re.compile(
    r"(?:开工率|产能利用率|利用率|稼动率|开机率|产能利用|成材率|负荷率)[^,。;]{0,12}$"
    r"|\b(?:utili[sz]ation|operating rates?|run rates?|load factor|yield)\b[^,.;]{0,44}$"
    r"|\b(?:ran|runs|running|operat\w+) at (?:only |just |about |around )?$",
    re.IGNORECASE,
)
_UTILISED_AFTER = re.compile(
    r"\s*(?:of (?:its |their )?(?:nameplate|capacity)|utili[sz]ation|capacity)\b", re.IGNORECASE
)


def _utilised(figure: Figure, setting: Setting) -> Found | None:
    """How much of what a plant can do it does."""
    who = actor(figure, setting.topic, setting.spoken, ACTING)
    thing = naming.material(figure, setting.topic)
    if who is None and thing is None:
        return None
    return made(
        figure,
        setting,
        "share",
        subject=subject_name(who) if who else "world",
        object=f"{naming.as_modifier(thing)} capacity in use".strip(),
        material=thing,
        place=naming.code_of(who) or "WLD",
        theme="utilised",
        actor=who,
    )


_CLEARED_AFTER = re.compile(
    r"\s*(?:of (?:them|these|those) )?(?:were|was|had been|have been|got|are|得到|获得?)\s*"
    r"(?:approved|granted|cleared|settled|批复|批准|许可|放行|通过)"
)
_WAITING = re.compile(
    r"^[^,。;]{0,8}(?:尚未|仍未|未获|待批|待审)"
    r"|^[^,.;]{0,40}\b(?:pending|waiting|not (?:yet )?(?:been )?(?:approved|granted|decided))\b"
)
_DONE_IN = re.compile(r"\s*(?:以上)?(?:是|都|均)?(?:在|于)[^,。;]{1,8}(?:完成|进行|加工|冶炼|精炼|生产|分离|制造|开采)")
"""Where the work of the whole is done: who holds the share stands behind it."""
_CLEARED = re.compile(
    r"(?:获准|获批|批准|通过|核准|放行)的?[^,。;]{0,4}$|\b(?:approved|granted|cleared)\b[^.;]{0,20}$", re.IGNORECASE
)


def holder(figure: Figure, setting: Setting) -> Entity | None:
    """Who holds the share."""
    done = _DONE_IN.match(figure.after)
    if done:
        names = figure.sentence.named(figure.end, figure.end + done.end(), "country", "company")
        if names:
            return names[0].entity
    return actor(figure, setting.topic, setting.spoken, ACTING)


def _here(figure: Figure) -> bool:
    """Whether the figure's own words name a material."""
    return bool(figure.sentence.named(figure.segment.start, figure.segment.end, "material"))


def _words(figure: Figure, thing: Entity | None, stage: str) -> str:
    sentence = figure.sentence
    words = naming.material_words(thing)
    if sentence.has("demand", figure.segment.start, figure.segment.end):
        return f"{words} demand"
    if sentence.has("reserve", figure.segment.start, figure.segment.end):
        return f"{words} reserves"
    if stage == "mine" or re.search(
        r"\b(?:mined|mine production|mining)\b|开采|矿产", sentence.text[figure.segment.start : figure.segment.end]
    ):
        return f"{words} (mined)"
    if stage == "separation" and not re.search(r"refin|separat|process|oxide", words):
        return f"{words} (refined)"
    return words


def _market(figure: Figure) -> str:
    """The country whose market or demand it is a share of ("10% of the U.S. annual demand")."""
    sentence = figure.sentence
    for name in sentence.named(figure.end, figure.segment.end, "country"):
        between = sentence.text[figure.end : name.start]
        if name.entity.place == "WLD":
            return "WLD"
        if len(between) < 12 and re.match(r"\s*of\s+(?:the\s+)?$", between):
            return name.entity.place
    return ""


def _listed(figure: Figure, setting: Setting) -> bool:
    """Whether the figure goes on a list of shares ("61% of …, 92% of … and 99% of …")."""
    last = setting.topic.last
    return (
        last is not None
        and last.kind == "share"
        and setting.topic.held == "share"
        and not (figure.has("up") or figure.has("down"))
        and (figure.sentence.start <= last.start < figure.start)
    )
