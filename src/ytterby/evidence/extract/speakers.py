"""Home to speakers: who says what a sentence states, in it, at its end, or in a sentence before."""

from __future__ import annotations

import re

from ytterby.evidence.extract.context import Sentence
from ytterby.evidence.extract.topic import Topic
from ytterby.evidence.names import Entity, Named

_SAYS_AFTER = re.compile(
    r"^(?:['’]s\s+)?(?:\s*\([^)]{1,40}\)\s*)?(?:\s*,[^,.]{1,60},\s*)?\s*"
    r"(?:(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}日|[初底中]|[上中下]旬)?"
    r"|\d{1,2}日|had|has|have|also|later|now|in \d{4}|\w+(?:day)|on \w+"
    r"|在[^,。]{0,10}[中里]|的?一份|[则也还并却]|本月初?|当日|同日|周[一-日]|日前|晚间|傍晚|此前|先前|最新|近日|的|研究"
    r"|数据|统计|报告|报道称?|[A-Za-z]+ report|in (?:its|an?|the) [\w ]{1,30}|\s){0,4}"
    r"(?:said|says|say|estimates?|estimated|calculates?|calculated|reported|reports|predicts?|predicted"
    r"|expects?|expected"
    r"|forecasts?|projects?|projected|puts?|put|reckon(?:s|ed)?|counts?|counted|believes?|notes?|noted|wrote"
    r"|traces|thinks|sees"
    r"|warns?|warned"
    r"|finds|found|told|argues?|suggests?|added|stated|cited|quoted|data|figures|survey|says that|calculations"
    r"|analysts|outlook|study|assessment|base case|cautions?|cautioned|shows?|showed"
    r"|把[^,。]{1,24}(?:合并|统计|估为|估计|算作|折算)"
    r"|说|称|表示|指出|报道|报导|测算|估算|认为|透露|引述|援引|估计|强调|回应|披露|预测|预计|预期|写道|提到|估"
    r"|预估|推算|坦言|告诉|直言|分析|警告|研判|统计|提醒|补充|显示|年报|展望|报告)",
    re.IGNORECASE,
)
_SAYS_BEFORE = re.compile(
    r"(?:\b(?:according to|citing|cited by|quoting|data from|figures from|reported by|estimates? (?:by|from)"
    r"|report (?:by|from)"
    r"|analysis (?:by|from)|survey (?:by|from)|calculations? (?:by|from)|per|says|said|told|projected by"
    r"|forecast by|data (?:by|of))"
    r"\s+(?:the\s+|an?\s+)?(?:\d{4}\s+)?|据|根据|按照|援引|引述|引用|依据|按|引)$",
    re.IGNORECASE,
)
_ANALYSTS = re.compile(
    r"(?:\b(?:industry )?(analysts|traders|industry sources|market participants|officials|market sources|experts"
    r"|economists|exporters|distributors|brokers|dealers|executives|scholars|researchers)\b"
    r"|(分析人士|分析师|业内人士|专家|业者|市场人士|研究人员|贸易商|学者|官员|出口商|经销商|交易商|经济学家|知情人士))",
    re.IGNORECASE,
)
_STEMS = (
    "nalysts", "raders", "ources", "articipants", "fficials", "xperts", "conomists", "xporters", "istributors",
    "rokers", "ealers", "xecutives", "cholars", "esearchers", "人士", "分析师", "专家", "业者", "研究人员", "贸易商",
    "学者", "官员", "出口商", "经销商", "交易商", "经济学家", "TRADERS", "ANALYSTS",
)  # fmt: skip
_SAYING = re.compile(
    r"^\s*(?:(?:of|at|in|from) [\w ]{2,30} )?(?:said|says?|estimated?|expect|expected|predict(?:ed)?|forecast"
    r"|believed?|reckon(?:ed)?|warn(?:ed)?|sees?|put|think|caution(?:ed)?|told|note[sd]?"
    r"|(?:也|还|并|曾|则|多)?(?:预期|预计|认为|表示|指出|估计|称|说|预测|透露|普遍|坦言|估算|提醒|警告|推估|告诉))",
    re.IGNORECASE,
)
_WHO_ZH = {
    "分析人士": "analysts",
    "分析师": "analysts",
    "专家": "experts",
    "学者": "scholars",
    "贸易商": "traders",
    "业内人士": "industry sources",
    "业者": "industry sources",
    "市场人士": "market sources",
    "研究人员": "researchers",
    "官员": "officials",
    "出口商": "exporters",
    "经销商": "distributors",
    "交易商": "dealers",
    "经济学家": "economists",
    "知情人士": "people familiar with the matter",
}
_IT = re.compile(
    r"^\s*(?:it|they|he|she|the (?:firm|agency|company|group|consultancy|report|study|bank)|该(?:机构|公司"
    r"|报告|行|社)|其)\b",
    re.IGNORECASE,
)
_SPEAKERS = frozenset({"outlet", "analyst", "organisation", "person"})
_STATISTICS = frozenset({"gac", "gacc", "customs", "cn-customs"})


def speaker(sentence: Sentence, topic: Topic) -> tuple[str, Named | None]:
    """Who a sentence is attributed to, with the name that says so; empty where nobody is.

    Outlets, analysts, organisations and persons speak when a verb of saying follows or "according to" stands before;
    other actors only in the second way, so that what an authority decides is not taken for what it reports.
    """
    text = sentence.text
    for name in sentence.names:
        one = name.entity
        lead = text[max(sentence.start, name.start - 32) : name.start]
        cited = _SAYS_BEFORE.search(lead)
        if one.kind in _SPEAKERS:
            if cited or _SAYS_AFTER.match(text[name.end : min(sentence.end, name.end + 90)]):
                return spoken_name(one), name
        elif one.kind in ("company", "agency") and not _is_statistics(one):
            if cited or (one.kind == "agency" and (_said_figure(text, name, sentence) or tells(sentence, name))):
                return spoken_name(one), name
            if _SAYS_AFTER.match(text[name.end : min(sentence.end, name.end + 40)]) and one.kind == "company":
                return spoken_name(one), None
    known = any(stem in sentence.words for stem in _STEMS)
    who = _ANALYSTS.search(text, sentence.start, sentence.end) if known else None
    if who and (
        _SAYING.match(text[who.end() : sentence.end]) or _SAYS_BEFORE.search(text[sentence.start : who.start()])
    ):
        word = (who[1] or who[2]).lower()
        return _WHO_ZH.get(word, word), None
    if topic.company is not None and _COMPANY_SAID.search(sentence.words):
        return topic.company.en, None
    if topic.speaker and (_IT.match(sentence.words) or _SAME_SAYS.search(sentence.words)):
        return topic.speaker, None
    if topic.speaker and not topic.voice and _ASPECT.match(sentence.words):
        return topic.speaker, None
    if topic.voice and (_GOES_ON.search(sentence.words) or sentence.has("forecast")):
        return topic.voice, None
    return topic.author, None


_COMPANY_SAID = re.compile(
    r"\b(?:the company|the firm|the miner|the group|it) (?:said|says|added|expects|reported)\b|公司(?:称|表示"
    r"|指出|预计|透露)",
    re.IGNORECASE,
)
_ASPECT = re.compile(
    r"(?:储量|产量|需求|供应|价格|出口|进口|消费|库存|资源量)方面[,:]|(?:By|On|In) (?:reserves|demand|supply)\b"
)
"""The next of several quantities that one report goes through."""
_SAME_SAYS = re.compile(
    r"\b(?:the (?:agency|bank|group|association|chamber|consultancy|institute)|its)['’]s (?:own )?(?:figures?"
    r"|estimates?|numbers?|count|forecasts?|data|projections?)\b|"
    r"\b(?:the (?:agency|group|bank|brokerage|broker|consultancy|association|chamber|lobby|institute|think[- ]tank"
    r"|researcher|analyst|report|study|outlook|paper|survey|authors?)|they|he|she|its (?:report|analysts|outlook)),? "
    r"(?:also |then |further |now |has |had )?(?:said|says|adds?|added|warns?|warned|estimates?|estimated|expects"
    r"|expected|reckons?|reckoned|forecasts?|predicts?|predicted|notes?|noted|finds?|found|sees|puts|argues?|wrote"
    r"|writes|calculates?|calculated|projects?|projected|cautions?|cautioned|thinks)\b"
    r"|(?:该|这家)(?:机构|协会|商会|署|行|社|报|报告|研究|智库|所|院|银行|券商|通讯社|咨询公司)[^,。]{0,8}"
    r"(?:说|称|指出|预计|预测|估计|认为|警告|表示|估算|提醒)"
    r"|(?:^|[,;])(?:报告|报道|研究|他|她|他们|前者|上述机构)(?:还|又|并|也|同时|另)?(?:说|称|指出|预计|预测|估计"
    r"|认为|警告|表示|估算|提醒|提到|写道)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"^(?:届时|其中|同期|据此)|\bon that count\b|\bthe (?:agency|group|bank|chamber|consultancy"
    r"|survey)(?:'s)?\b|该(?:机构|协会|商会)",
    re.IGNORECASE,
)


_TELLS_LAST = re.compile(r"\s*(?:said|says|estimate[sd]?|warn(?:s|ed)|added|noted|reckon(?:s|ed))\b", re.IGNORECASE)
_TELLS_FIRST = re.compile(
    r"(?:\d{1,2}日|昨日|今日|上周|官员|发言人|部长)*(?:表示|指出|称|说|警告|透露|强调)(?:,|:)?"
    r"|\s*(?:said|says|warned) (?:that )?"
)


def tells(sentence: Sentence, name: Named) -> bool:
    """Whether an office only tells what it does not do itself: named last, or with another state acting behind it."""
    if sentence.figures and sentence.figures[-1].end <= name.start:
        return bool(_TELLS_LAST.match(sentence.text, name.end))
    said = _TELLS_FIRST.match(sentence.text, name.end)
    if said is None:
        return False
    return any(
        other.start - said.end() < 3 and other.entity.kind in ("country", "government", "agency")
        for other in sentence.names
        if other.start >= said.end()
    )


def _said_figure(text: str, name: Named, sentence: Sentence) -> bool:
    after = text[name.end : min(sentence.end, name.end + 60)]
    return bool(
        re.match(
            r"(?:['’]s)?\s+(?:(?:latest|annual|new|own|first|\d{4}|mineral|commodity)\s+){0,3}(?:report|study"
            r"|estimates?|estimated|reckon(?:s|ed)|survey|puts|counts|counted|calculate[sd]|outlook|assessment|summar(?:y|ies)|review)\b"
            r"|的?(?:最新|新|年度|\d{4}年?|一份)*的?(?:年报|报告|研究|估计|估算|测算|概要|摘要|评估)",
            after,
        )
    )


def spoken_name(one: Entity) -> str:
    """How a speaker is named in a claim."""
    return one.en


def _is_statistics(one: Entity) -> bool:
    return one.id in _STATISTICS or "customs" in one.en.lower() or "statistics" in one.en.lower()
