"""Home to dependencies: which part of its need somebody takes from another, and how much one could make oneself."""

from __future__ import annotations

import re

from ytterby.evidence.extract import naming
from ytterby.evidence.extract.actors import actor, named_here, subject_name
from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.kinds.contract import Setting, made
from ytterby.evidence.extract.kinds.direction import is_level
from ytterby.evidence.extract.topic import Found

_BUYS = re.compile(
    r"\b(?:buy|buys|bought|import|imports|imported|gets?|got|obtains?|source|sources|sourced|procures?"
    r"|purchased?|takes?)\b"
    r"|进口|购自|采购|购买|取得"
)
_OWN = re.compile(r"^\s*of\s+(?:its|their|all|the \w+'s|\w+'s|our|the)\b|^\s*的", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\b|来自|自|从|由")
_FROM_WHOM = re.compile(r"(?:\b(?:from|on|upon)\s+(?:the\s+)?|自|从|对|来自|由|依赖|仰赖|依靠|于)$")


def decide(figure: Figure, setting: Setting) -> Found | None:
    """A dependence: "relies on China for 87 % of", "bought 90 % of its … from", 依赖度."""
    if not _depends(figure, setting):
        return None
    who = actor(figure, setting.topic, setting.spoken, by=False)
    thing = naming.material(figure, setting.topic)
    partner = _supplier(figure) or (setting.topic.counterpart if setting.topic.held == "depend" else "")
    setting.topic.counterpart = partner or setting.topic.counterpart
    return made(
        figure,
        setting,
        "dependency",
        subject=named_here(figure.sentence, who, setting.topic) if who else "",
        object=naming.material_words(thing),
        material=thing,
        place=naming.code_of(who),
        counterpart=partner,
        theme="depend",
        actor=who,
        carry=False,
    )


def selfsufficient(figure: Figure, setting: Setting) -> Found | None:
    """A rate of self-sufficiency."""
    if not figure.has("selfsuff", "clause") and not figure.has("selfsuff", "before"):
        return None
    who = actor(figure, setting.topic, setting.spoken)
    thing = naming.material(figure, setting.topic)
    found = made(
        figure,
        setting,
        "forecast",
        subject=subject_name(who) if who else "",
        object=f"{naming.as_modifier(thing)} self-sufficiency",
        material=thing,
        place=naming.code_of(who),
        theme="selfsuff",
        actor=who,
    )
    if found.modality in ("asserted", "reported"):
        found.kind = "share"
    if _STRUGGLE.search(figure.before) and found.comparator == ">":
        # What one fails to exceed is a ceiling.
        found.comparator = "≤"
    return found


_STRUGGLE = re.compile(r"struggle|unlikely|unable|fail|cannot|hard to|difficult|难以|无法|不可能|很难|恐难|不会")


def _depends(figure: Figure, setting: Setting) -> bool:
    sentence, clause = figure.sentence, figure.clause
    cues = [cue for cue in sentence.cued("depend", clause.start, clause.end) if not _BUYS.fullmatch(cue.word)]
    if cues:
        return not figure.has("share") or _is_nearer(figure, cues[0].start)
    if setting.topic.held == "depend" and re.search(r"\bdependen|\breliance|依赖|依存", figure.before):
        return True
    if (
        setting.topic.held == "depend"
        and not figure.has("share")
        and (is_level(figure) or _AGAINST.search(figure.before))
    ):
        return True
    if _owner_before(figure) and _COMES.search(figure.after):
        return True
    if _IMPORTED.search(figure.before) or (_NEED.match(figure.after) and figure.has("import", "clause")):
        return True
    if _OF_WHICH.search(figure.before) and _CAME.match(figure.after):
        return True
    if _OF_THEM.match(figure.after) or (
        figure.has("import", "before") and _COMES.match(figure.after) and "来自" in figure.after
    ):
        return True
    bought = _BUYS.search(sentence.text, clause.start, clause.end)
    return bool(bought and _OWN.match(figure.after) and _FROM.search(sentence.text[clause.start : clause.end]))


_IMPORTED = re.compile(r"[自从由][^,。]{1,8}(?:直接)?(?:进口|采购|购入)(?:的?[^,。]{0,6}?)?(?:占|约占|约)?$")
_OF_THEM = re.compile(
    r"\s*of (?:them|it|these|which|that|those) (?:(?:is|are|was|were|still|also) ){0,2}"
    r"(?:(?:imported|bought|sourced|shipped|brought in|purchased|procured|come|comes|came|drawn) )?from\b",
    re.IGNORECASE,
)
_NEED = re.compile(
    r"\s*of (?:all |the |its |their )?(?:[\w-]+ ){1,5}?(?:it|they) (?:used?|needs?|needed|consumed?|consumes)\b",
    re.IGNORECASE,
)
_OF_WHICH = re.compile(r"\bof (?:which|these|those)\s*$|其中(?:的)?$", re.IGNORECASE)
_CAME = re.compile(
    r"\s*(?:is |are |was |were )?(?:come|comes|came|imported|bought|sourced|shipped)(?: in)? from\b"
    r"|\s*(?:来自|进口自|购自|从)",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"(?:against|compared with|versus|from|down from|up from|than|较|相比|对比|此前的?|曾达?)\s*(?:\w+\s+)?$"
)
_COMES = re.compile(
    r"^[^,，。]{0,24}(?:从[^,。]{1,8}(?:进口|购入|采购|购买)|来自|产自|出自|购自|自|from\b|comes? from|came from|依赖)"
)


def _owner_before(figure: Figure) -> bool:
    """Whether the whole is somebody's own need ("日本约九成稀土", "70% of US imports"), not the world's."""
    text = figure.sentence.text
    for name in figure.sentence.named(figure.clause.start, figure.start, "country", "product"):
        between = text[name.end : figure.start]
        if name.entity.place not in ("WLD", "ZZ") and len(between) < 20:
            return True
    ahead = re.match(r"\s*of\s+(?:the\s+)?", figure.after)
    if ahead:
        at = figure.end + ahead.end()
        return any(
            name.start == at and name.entity.place not in ("WLD", "ZZ", "")
            for name in figure.sentence.named(at, figure.segment.end, "country")
        )
    return False


def _is_nearer(figure: Figure, at: int) -> bool:
    share = figure.near("share")
    return share is None or abs(at - figure.start) <= abs(share.start - figure.start) or share.start > figure.end


def _supplier(figure: Figure) -> str:
    text = figure.sentence.text
    for name in figure.sentence.named(figure.clause.start, figure.clause.end, "country", "government"):
        if _FROM_WHOM.search(text[max(figure.clause.start, name.start - 10) : name.start]):
            return name.entity.place
    return ""
