"""Home to who: the actor of a figure, the one who says it, and the authority behind a measure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ytterby.evidence.extract.context import Figure, Sentence
from ytterby.evidence.extract.strangers import stranger
from ytterby.evidence.extract.topic import Topic
from ytterby.evidence.names import Entity, Named, entity
from ytterby.terms.errors import InputError

ACTING = frozenset({"country", "government", "company", "agency", "mine", "plant", "place", "product"})
STATES = frozenset({"country", "government", "agency", "organisation"})

_OBLIQUE_EN = re.compile(
    r"\b(?:to|from|for|in|of|with|against|by|at|into|on|near|outside|over|via|than|like|including|as|between"
    r"|toward|towards|overtak(?:es|ing|en)|overtook|joins?|joined|joining|backs|backed|acquires?|acquired|owns"
    r"|across|within|inside|under|among|around|beyond|versus|after|before)\s+"
    r"(?:(?:the|its|all|both|an?|other|every|each|mainland|northern|southern|eastern|western|southeast"
    r"|central)\s+){0,2}$",
    re.IGNORECASE,
)
_OBLIQUE_ZH = re.compile(
    r"(?:[对向自从在于给跟被把较比除距]|销往|出口|进口|运往|输往|位于|来自|产自|关于|针对|至|到|除了|包括|例如"
    r"|取得|获得|拿到|收购|并购|买下|入股|参股|控股|持有|换取|认购|拿下|取代|超越|超过|贷给|资助|扶持|扶植)$"
)
_PASSIVE_EN = re.compile(r"\bby\s+(?:the\s+)?$", re.IGNORECASE)
_PASSIVE_ZH = re.compile(r"(?:由|来自|产自|出自|源自|被)$")
_LISTED = re.compile(r"^\s*(?:,|and|or|&|、|和|与|及)\s*(?:the\s+)?$", re.IGNORECASE)

_SAYS_AFTER = re.compile(
    r"^(?:['’]s\s+)?(?:\s*\([^)]{1,40}\)\s*)?(?:\s*,[^,.]{1,60},\s*)?\s*"
    r"(?:\d{1,2}月(?:\d{1,2}日|[初底中])?|\d{1,2}日|had|has|have|also|later|now|in \d{4}|\w+(?:day)|on \w+"
    r"|在[^,。]{0,10}[中里]|的?一份|[则也还并却]|本月初?|当日|同日|周[一-日]|日前|晚间|傍晚|此前|先前|最新|近日|的|研究"
    r"|数据|统计|报告|报道称?|[A-Za-z]+ report|in (?:its|an?|the) [\w ]{1,30}|\s){0,4}"
    r"(?:said|says|say|estimates?|estimated|calculates?|calculated|reported|reports|predicts?|predicted"
    r"|expects?|expected"
    r"|forecasts?|projects?|projected|puts?|put|reckon(?:s|ed)?|counts?|counted|believes?|notes?|noted|wrote"
    r"|traces|thinks|sees"
    r"|warns?|warned"
    r"|finds|found|told|argues?|suggests?|added|stated|cited|quoted|data|figures|survey|says that|calculations"
    r"|analysts|outlook|study|assessment|base case|cautions?|cautioned|shows?|showed"
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


def oblique(sentence: Sentence, name: Named) -> bool:
    """Whether a name is the object of a preposition, so that it is not who acts."""
    lead = sentence.text[max(sentence.start, name.start - 24) : name.start]
    if _TITLE_OF.search(lead):
        return False
    if name.entity.kind in ("country", "place") and _APPOSED.search(lead):
        return True
    if name.entity.kind == "country" and _SITE.match(sentence.text[name.end : name.end + 20]):
        return True
    if _OBLIQUE_EN.search(lead) or _OBLIQUE_ZH.search(lead) or _BESIDES.match(sentence.text[name.end : name.end + 4]):
        return True
    before = next((one for one in reversed(sentence.names) if one.end <= name.start), None)
    if before is None or name.entity.kind not in ("place", "country", "plant", "mine"):
        return False
    gap = sentence.text[before.end : name.start]
    return (not gap or (gap == ", " and before.entity.kind in ("place", "plant", "mine"))) and oblique(sentence, before)


_BESIDES = re.compile(r"(?:之外|以外|境外|事件|争端|问题|危机|冲突|战争|海域|撞船)")
_APPOSED = re.compile(r", an? (?:[a-z-]+ )?$")
_SITE = re.compile(
    r"(?:n|ese|i)?\s+(?:plant|facility|refinery|factory|operations?|unit|mine|circuit)\b|工厂"
    r"|分厂|厂区"
)
_TITLE_OF = re.compile(
    r"\b(?:state|government|republic|province|city|kingdom|ministry|territory|island|sultanate|commonwealth) of (?:the )?$",
    re.IGNORECASE,
)


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
            if cited or (one.kind == "agency" and (_said_figure(text, name, sentence) or _tells(sentence, name))):
                return spoken_name(one), name
            if _SAYS_AFTER.match(text[name.end : min(sentence.end, name.end + 40)]) and one.kind == "company":
                return spoken_name(one), None
    who = _ANALYSTS.search(text, sentence.start, sentence.end)
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


def _tells(sentence: Sentence, name: Named) -> bool:
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
            r"|estimates?|estimated|reckon(?:s|ed)|survey|puts|outlook|assessment|summar(?:y|ies)|review)\b"
            r"|的?(?:最新|新|年度|\d{4}年?|一份)*的?(?:年报|报告|研究|估计|估算|测算|概要|摘要|评估)",
            after,
        )
    )


def spoken_name(one: Entity) -> str:
    """How a speaker is named in a claim."""
    return one.en


def _is_statistics(one: Entity) -> bool:
    return one.id in _STATISTICS or "customs" in one.en.lower() or "statistics" in one.en.lower()


def subject_name(one: Entity) -> str:
    """How an actor is named in a claim: a government by its country."""
    if one.kind == "government" and one.place:
        try:
            return entity(one.place).en
        except InputError:
            return one.en
    return one.en


def named_here(sentence: Sentence, one: Entity) -> str:
    """How an actor is named in a claim from a sentence: the continent stays the continent where the text says so."""
    if one.place == "EU" and one.kind == "country":
        for name in sentence.names:
            if name.entity is one:
                said = sentence.text[name.start : name.end].lower()
                return "Europe" if said in ("europe", "欧洲") else one.en
    return subject_name(one)


def actor(
    figure: Figure,
    topic: Topic,
    spoken: Named | None,
    kinds: frozenset[str] = ACTING,
    without: Sequence[Named] = (),
    *,
    by: bool = True,
) -> Entity | None:
    """Who a figure is said of.

    The first name of its segment, else of its clause, that stands before it and is not the object of a preposition;
    else the first such name of the nearest clause before; else the one behind "by" or 由; else whom the text is about.
    """
    sentence = figure.sentence
    if figure.head is not None:
        for name in sentence.named(figure.head.start, figure.head.end):
            if name.entity.kind in kinds:
                return name.entity
    here = [
        name
        for name in sentence.names
        if name.entity.kind in kinds and name is not spoken and not _worldly(name) and name not in without
    ]
    passive = _passive(figure, here) if by else None
    if passive is not None:
        return owner(passive)
    if (
        by
        and topic.office is not None
        and topic.office.kind in kinds
        and _BY_OFFICE.search(sentence.text, figure.segment.start, figure.segment.end)
    ):
        return topic.office
    listed = _beside(figure, here)
    if listed is not None:
        return listed
    near = [
        name
        for name in here
        if figure.clause.start <= name.start and name.end <= figure.start and not oblique(sentence, name)
    ]
    if near:
        own = [name for name in near if name.start >= figure.segment.start]
        return owner(_possessed(sentence, _first(own or near)))
    for clause in reversed([one for one in sentence.clauses if one.end <= figure.clause.start]):
        within = [
            name
            for name in here
            if clause.start <= name.start and name.end <= clause.end and not oblique(sentence, name)
        ]
        if within:
            return owner(_possessed(sentence, _first(within)))
    if "company" in kinds:
        met = stranger(sentence, figure.start)
        if met is not None:
            return met
    meant = pointed(figure, topic)
    if meant is not None and meant.kind in kinds:
        return meant
    if topic.company is not None and "company" in kinds and (_FIRM.search(figure.before) or topic.actor is None):
        return topic.company
    if topic.actor is not None and topic.actor.kind in kinds:
        return topic.actor
    return None


_BY_OFFICE = re.compile(r"\bby the (?:department|ministry|government|agency|administration)\b|由该部|由政府")
_OFFICE = re.compile(r"\bthe (?:department|ministry|government|administration)\b|该部|当局|政府", re.IGNORECASE)
_HOME = re.compile(
    r"\b(?:the country|the nation|domestic(?:ally)?|at home|home-?grown|nationwide)\b|国内|本国|全国|我国|该国|境内",
    re.IGNORECASE,
)
_INLAND = re.compile(r"(?<!该)国内|我国|全国")
_PRONOUN = re.compile(r"(?:^|[,;]\s*|\band\s+|\bthat\s+)(?:it|they)\b", re.IGNORECASE)
_WITH = re.compile(r"\s*(?:\(|with|at|:|,\s*(?:with|at))\s*(?:about|around|only|just|some|nearly)?\s*", re.IGNORECASE)


def pointed(figure: Figure, topic: Topic) -> Entity | None:
    """Whom "it", "the department" or "the country" of a later sentence mean, none of them named in it."""
    before = figure.before
    if topic.office is not None and _OFFICE.search(before):
        return topic.office
    if topic.home is not None and _INLAND.search(before):
        return topic.home
    if topic.nation is not None and _HOME.search(before):
        return topic.nation
    if topic.actor is not None and topic.actor.kind in ("agency", "government") and _PRONOUN.search(before):
        return topic.actor
    return None


def _beside(figure: Figure, here: list[Named]) -> Entity | None:
    """The country that an amount of a list stands right behind ("ahead of Brazil with 21 million")."""
    text = figure.sentence.text
    for name in here:
        own = figure.segment.start <= name.start and name.end <= figure.start
        if own and name.entity.kind == "country" and _WITH.fullmatch(text, name.end, figure.start):
            return name.entity
    return None


def _first(names: list[Named]) -> Named:
    """The first name that is more than a place on the map, where there is one; of two firms side by side the latter,
    since the former only says what it is (美国稀土公司MP Materials).
    """
    first = next((name for name in names if name.entity.kind != "place"), names[0])
    if first.entity.kind == "company":
        return next((name for name in names if name.start == first.end and name.entity.kind == "company"), first)
    return first


_OWNS = re.compile(
    r"(?:['’]s|-based|-listed|的)?\s*(?:(?:[\w-]+\s+){0,5}(?:maker|miner|producer|distributor|supplier|group|firm"
    r"|company|giant|automaker|carmaker|manufacturer|refiner|trader|start-?up|developer|explorer|processor|builder"
    r"|champion|major|recycler|contractor|bank|house|lender|agency),?\s*)?"
    r"|(?:的|籍|最大的?|本土)?[^,。;:、的在对与和]{0,6}(?:商|厂|企业|公司|巨头|矿企|集团|龙头|业者|大厂|车企|银行)?"
)


def _possessed(sentence: Sentence, name: Named) -> Entity:
    """The firm or office of a country that stands right behind the country's name ("Japan's Sojitz", "the US
    distributor Dexter", 澳洲稀土商莱纳斯).
    """
    if name.entity.kind == "country":
        for other in sentence.names:
            if 0 <= other.start - name.end < 48 and other.entity.kind in ("company", "agency"):
                between = sentence.text[name.end : other.start]
                return other.entity if _OWNS.fullmatch(between) else name.entity
    return name.entity


def owner(one: Entity) -> Entity:
    """The company a plant or mine belongs to; else the actor itself."""
    if one.kind in ("plant", "mine") and one.parent:
        try:
            held = entity(one.parent)
        except InputError:
            return one
        return held if held.kind == "company" else one
    return one


_FIRM = re.compile(
    r"公司|集团|本企业|该厂|\b(?:the company|the group|the firm|the miner|the producer|it|its)\b", re.IGNORECASE
)


def _passive(figure: Figure, here: list[Named]) -> Entity | None:
    text = figure.sentence.text
    for name in here:
        if name.start < figure.clause.start or name.end > figure.clause.end:
            continue
        lead = text[max(figure.clause.start, name.start - 10) : name.start]
        if name.start >= figure.end and (_PASSIVE_EN.search(lead) or _PASSIVE_ZH.search(lead)):
            return name.entity
        if name.end <= figure.start and re.search(r"由$", lead):
            return name.entity
    return None


def follow(topic: Topic, who: Entity) -> None:
    """Whom "the country", "the department" will mean after a sentence about `who`."""
    if who.kind in ("agency", "government"):
        topic.office = who
    if who.kind in ("country", "government", "agency") and len(who.place) == 2 and who.place != "ZZ":
        try:
            topic.nation = entity(who.place)
        except InputError:
            return


def _worldly(name: Named) -> bool:
    return name.entity.kind in ("country", "place") and name.entity.place in ("WLD", "ZZ")


def main_actor(sentence: Sentence, spoken: Named | None) -> Entity | None:
    """Whom a sentence is about: its first acting name that is not the object of a preposition."""
    for name in sentence.names:
        if name.entity.kind in ACTING and name is not spoken and not _worldly(name) and not oblique(sentence, name):
            return _possessed(sentence, name)
    return stranger(sentence, sentence.end)


def issuer(sentence: Sentence, topic: Topic, upto: int | None = None) -> str:
    """The authority whose decision a sentence tells: one agency, or several joined ("MOFCOM/GAC"); else a state.

    Args:
        sentence: where to look.
        topic: who decides where the sentence does not say.
        upto: the offset before which the name must stand, where one is asked for.
    """
    end = sentence.end if upto is None else upto
    agencies = [
        name
        for name in sentence.named(sentence.start, end, "agency")
        if not _recipient(sentence, name) and not _tells(sentence, name)
    ]
    if agencies:
        named = [agencies[0].entity.en]
        for left, right in pairwise(agencies):
            between = sentence.text[left.end : right.start]
            if _LISTED.match(between) or between.strip() == "":
                named.append(right.entity.en)
            else:
                break
        return "/".join(dict.fromkeys(named))
    states = [
        name
        for name in sentence.named(sentence.start, end, "government", "country", "organisation")
        if not oblique(sentence, name) and not _worldly(name)
    ]
    if states:
        return subject_name(states[0].entity)
    if topic.issuer and topic.instrument and "号" in sentence.words:
        return issuer_of(topic.instrument) or topic.issuer
    return topic.issuer or issuer_of(topic.instrument)


def issuer_of(instrument: str) -> str:
    """The authority that a known instrument's name begins with ("MOFCOM/GAC Announcement 18 of 2025"); else empty."""
    if not instrument:
        return ""
    try:
        one = entity(instrument)
    except InputError:
        return "MOFCOM" if instrument.startswith("cn-") else ""
    head, _, _ = one.en.partition(" Announcement")
    if head != one.en:
        return head
    return entity(one.parent).en if one.parent else ""


def _recipient(sentence: Sentence, name: Named) -> bool:
    """Whether an agency is only the one applied to or informed."""
    lead = sentence.text[max(sentence.start, name.start - 12) : name.start]
    return bool(re.search(r"[向报]$|\binform(?:ed)?\s+(?:the\s+)?$", lead))
