"""Home to cues: the words that say how a thing is meant, in both languages, found where they stand.

A short text may leave out much, but not these: without its "not", "may", "plans to", "if" or "claims" a sentence says
something else. Classes that a reader would accept for each other count as one in `strength`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Class = Literal["negation", "halt", "hedge", "forecast", "target", "claim", "report", "condition", "only", "up", "down"]

_EN: dict[Class, str] = {
    "negation": r"not|n['’]t|cannot|no|never|without|neither|nor|none|nobody|nothing|fail(?:s|ed|ing)? to"
    r"|lack(?:s|ed|ing)?"
    r"|refus(?:e|es|ed|ing|al)|den(?:y|ies|ied|ying)|yet to|far from|unable|ineligible|ban(?:s|ned|ning)?|ineffective"
    r"|prohibit(?:s|ed|ing)?|rul(?:e|es|ed|ing) out",
    "halt": r"suspen(?:d|ds|ded|ding|sion)|halt(?:s|ed|ing)?|ceas(?:e|es|ed|ing)|cancel(?:s|led|ling|lation)?"
    r"|lift(?:s|ed|ing)?"
    r"|resum(?:e|es|ed|ing|ption)|revok(?:e|es|ed|ing)|withdr(?:aw|awn|ew|awal)|paus(?:e|es|ed|ing)|stop(?:s"
    r"|ped|ping)?|idl(?:e|ed|ing)"
    r"|abolish(?:es|ed|ing)?|repeal(?:s|ed|ing)?|restor(?:e|es|ed|ing)",
    "hedge": r"may|might|could|can|would|possibly|perhaps|likely|unlikely|probabl[ey]|appear(?:s|ed)? to"
    r"|seem(?:s|ed|ingly)?"
    r"|potential(?:ly)?|suggest(?:s|ed|ing)?|indicat(?:e|es|ed|ing)|some|partly|uncertain|unclear|up to",
    "forecast": r"will|shall|expect(?:s|ed|ing|ation|ations)?|forecast(?:s|ed|ing)?|project(?:ed|ions?|ing)"
    r"|projects? that"
    r"|predict(?:s|ed|ing|ion|ions)?|anticipat(?:e|es|ed|ing)|outlook|is set to|are set to|set for|is due to"
    r"|are due to|is to|are to",
    "target": r"plan(?:s|ned|ning)?|aim(?:s|ed|ing)?|target(?:s|ed|ing)?|goals?|intend(?:s|ed|ing)?|seek(?:s"
    r"|ing)?|sought"
    r"|hop(?:e|es|ed|ing)|ambitio(?:n|ns|us)|consider(?:s|ed|ing)?|explor(?:e|es|ed|ing)|propos(?:e|es|ed|al|als|ing)"
    r"|pledg(?:e|es|ed|ing)|commit(?:ted|ment|ments)|vow(?:s|ed)?|threaten(?:s|ed|ing)?|attempt(?:s|ed|ing)?"
    r"|want(?:s|ed)?"
    r"|striv(?:e|es|ing)|urg(?:e|es|ed|ing)|should|must|call(?:s|ed|ing)? for",
    "claim": r"claim(?:s|ed|ing)?|alleg(?:e|es|ed|edly|ing)|reportedly|purport(?:s|ed|edly)?|supposed(?:ly)?"
    r"|said to|rumou?r(?:s|ed)?"
    r"|so-called|believ(?:e|es|ed)",
    "report": r"predict(?:s|ed)?|forecasts that|projects that|said|says|say|saying|according to|report(?:s|ed"
    r"|ing)?|told|tells|stat(?:e|es|ed|ing) that"
    r"|stated|estimat(?:e|es|ed|ing)"
    r"|not(?:es|ed) that|argu(?:e|es|ed)|calculat(?:e|es|ed|ions?)|reiterat(?:e|es|ed)|announc(?:e|es|ed)"
    r"|warn(?:s|ed|ing)?|cit(?:es|ed|ing)",
    "condition": r"if|unless|until|provided(?: that)?|subject to|depend(?:s|ed|ing)? on|except(?: for)?"
    r"|only when|only if|in case"
    r"|despite|although|though|even if|whether|before|after|once",
    "only": r"only|just|merely|sole(?:ly)?|alone|nearly|almost|about|roughly|around|approximately|some|over|more than"
    r"|less than|fewer than|at least|at most|up to|as many as|as much as|as low as|as high as|under|below|above"
    r"|exceed(?:s|ed|ing)?",
    "up": r"surplus|glut|ris(?:e|es|ing|en)|rose|increas(?:e|es|ed|ing)|grow(?:s|n|ing|th)?|grew|climb(?:s|ed"
    r"|ing)?|jump(?:s"
    r"|ed|ing)?|surg(?:e|es|ed|ing)"
    r"|soar(?:s|ed|ing)?|gain(?:s|ed|ing)?|expand(?:s|ed|ing)?|higher|up|doubl(?:e|es|ed|ing)|tripl(?:e|es|ed"
    r"|ing)|rebound(?:s|ed|ing)?"
    r"|recover(?:s|ed|ing|y)?|rall(?:y|ies|ied)|tighten(?:s|ed|ing)?|accelerat(?:e|es|ed|ing)|rais(?:e|es|ed|ing)",
    "down": r"fall(?:s|en|ing)?|fell|declin(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|drop(?:s|ped|ping)?|lower(?:s"
    r"|ed|ing)?|down|slump(?:s|ed|ing)?"
    r"|plung(?:e|es|ed|ing)|reduc(?:e|es|ed|ing|tion|tions)|shr[aiu]nk(?:s|ing)?|sank|sink(?:s|ing)?|slid"
    r"|slid(?:e|es|ing)|slip(?:s|ped)?"
    r"|cut(?:s|ting)?|halv(?:e|es|ed|ing)|eas(?:e|es|ed|ing)|relax(?:es|ed|ing)?|shortages?|tumbl(?:e|es|ed"
    r"|ing)|dip(?:s|ped)?|slow(?:s|ed|ing)?",
}
_ZH: dict[Class, str] = {
    "negation": r"不得|不再|不能|不会|不予|不是|不具|不针对|不符|不含|不包括|不涉及|不愿|不可|不允许|不同意"
    r"|不需|不必|不用|不存在|不受|不顾"
    r"|尚未|并未|从未|未经|未能|未有|未获|未见|未必|未被|未(?![来])|没有|没(?!收)|并非|绝非|非(?![常洲])|无法"
    r"|无(?![人线锡论])|拒绝|否认|否定|禁止|缺乏|仍拿不到|拿不到"
    r"|并不|毫无|难以|不(?![足到仅断过少同锈但管论久])",
    "halt": r"暂停|中止|停止|取消|废止|撤销|撤回|解除|恢复|叫停|停产|停工|中断",
    "hedge": r"可能|或将|或许|或会|或可|也许|恐怕|恐将|恐(?=[致使影冲])|似乎|疑似|大概率|不排除|有机会|可望"
    r"|有望|部分|一些|存在.{0,6}可能|料",
    "forecast": r"预计|预期|预测|预料|预估|估计将|展望|即将|将会|将(?![近军士领])|有望",
    "target": r"计划|目标|力争|拟|旨在|打算|争取|致力|希望|期望|考虑|寻求|探索|提议|建议|承诺|威胁|扬言|呼吁"
    r"|要求|规划|欲|意图|试图|须|应当|想",
    "claim": r"据称|声称|自称|宣称|据传|传出|据说|所谓|被指|坚称|相信",
    "report": r"表示|据悉|据了解|据[^，,。]{1,14}(?:报道|报导|消息|数据|统计|测算|估计)|报道|报导|认为|指出"
    r"|估计|测算|透露|称(?![为之号])|说(?![明])"
    r"|强调|引述|援引|重申|宣布|回应|警告",
    "condition": r"如果|若(?!干)|除非|一旦|前提|取决于|视乎|直到|除外|只有(?=.{1,24}才)|只要|即使|尽管|虽然"
    r"|以前|之前|前须|经.{0,6}(?:批准|审查|许可)|原则上"
    r"|除.{1,20}外",
    "only": r"只有|仅|不足|不到|近(?![日年期来月])|将近|约|大约|逾|超过|超(?=[\d一二三四五六七八九十百千万])"
    r"|至少|至多|最多|最高|高达|及以上|及以下|以上|以下|左右|上下|低于"
    r"|高于|多于|少于|余",
    "up": r"过剩|盈余|上升|上涨|增加|增长|增至|增(?=[\d一二三四五六七八九十])|年增|月增|提高|提升|攀升|扩大|回升|反弹"
    r"|飙升|激增|大增|翻倍|翻番|走高|高(?=[\d])|多(?=[\d])|涨"
    r"|加快|收紧|创新高|升(?=[\d至])|加征",
    "down": r"下降|下滑|减少|减至|减(?=[\d一二三四五六七八九十])|年减|月减|下跌|跌|降(?=[\d至低])|降低|回落"
    r"|骤降|锐减|大减|腰斩|减半|走低|低(?=[\d])"
    r"|少(?=[\d])|放宽|放松|萎缩|短缺|缩减|收窄|放缓",
}
CLASSES: tuple[Class, ...] = tuple(_EN)

_EN_RE = {name: re.compile(rf"(?<![A-Za-z])(?:{words})(?![A-Za-z])", re.IGNORECASE) for name, words in _EN.items()}
_ZH_RE = {name: re.compile(words) for name, words in _ZH.items()}
_NT = re.compile(r"n['’]t\b", re.IGNORECASE)

KEPT: frozenset[Class] = frozenset(CLASSES) - {"up", "down"}
"""Classes whose words may not be deleted from a sentence that stays."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue of one class at ``[start, end)`` of a folded text."""

    start: int
    end: int
    name: Class


def cues(folded: str, only: Iterable[Class] = CLASSES) -> list[Cue]:
    """Every cue of a folded text, in order; one place may carry several classes."""
    found: list[Cue] = []
    latin = any("a" <= char <= "z" for char in folded)
    han = not folded.isascii()
    for name in only:
        if latin:
            found += [Cue(match.start(), match.end(), name) for match in _EN_RE[name].finditer(folded)]
            if name == "negation":
                found += [Cue(match.start(), match.end(), name) for match in _NT.finditer(folded)]
        if han:
            found += [Cue(match.start(), match.end(), name) for match in _ZH_RE[name].finditer(folded)]
    return sorted(found, key=lambda cue: (cue.start, cue.end))


def strength(folded: str) -> frozenset[str]:
    """How a text is meant, in classes a reader would not exchange for each other.

    ``negated``; ``halted`` (suspended, lifted, resumed); ``open`` (hedged or foretold); ``aimed`` (planned, wished);
    ``claimed``; ``told`` (somebody says so); ``conditional``.
    """
    return frozenset(_MEANT[cue.name] for cue in cues(folded, _MEANT))


def directions(folded: str) -> frozenset[str]:
    """``up`` and ``down``, as far as a text says so."""
    return frozenset(cue.name for cue in cues(folded, ("up", "down")))


def bound(folded: str) -> bool:
    """Whether a stretch of text holds a word that may not be deleted."""
    return any(True for _ in cues(folded, KEPT))


_MEANT: dict[Class, str] = {
    "negation": "negated",
    "halt": "halted",
    "hedge": "open",
    "forecast": "open",
    "target": "aimed",
    "claim": "claimed",
    "report": "told",
    "condition": "conditional",
}
