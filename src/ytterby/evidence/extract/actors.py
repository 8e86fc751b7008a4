"""Home to who: the actor of a figure, and the authority behind a measure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ytterby.evidence.extract.context import Figure, Sentence
from ytterby.evidence.extract.speakers import tells
from ytterby.evidence.extract.strangers import stranger
from ytterby.evidence.extract.topic import Topic
from ytterby.evidence.names import Entity, Named, entity
from ytterby.terms.errors import InputError

ACTING = frozenset({"country", "government", "company", "agency", "mine", "plant", "place", "product"})
STATES = frozenset({"country", "government", "agency", "organisation"})

_OBLIQUE_EN = re.compile(
    r"\b(?:to|from|for|in|of|with|against|by|at|into|on|near|outside|over|via|than|like|including|as|between"
    r"|toward|towards|upon|overtak(?:es|ing|en)|overtook|joins?|joined|joining|backs|backed|acquires?|acquired|owns"
    r"|across|within|inside|under|among|around|beyond|versus|after|before)\s+"
    r"(?:(?:the|its|all|both|an?|other|every|each|mainland|northern|southern|eastern|western|southeast"
    r"|central)\s+){0,2}$",
    re.IGNORECASE,
)
_OBLIQUE_ZH = re.compile(
    r"(?:[对向自从在于给跟被把较比除距]|销往|出口|进口|运往|输往|位于|来自|产自|关于|针对|至|到|除了|包括|例如"
    r"|取得|获得|拿到|收购|并购|买下|入股|参股|控股|持有|换取|认购|拿下|取代|超越|超过|贷给|资助|扶持|扶植|满足|覆盖|涵盖|相当于"
    r"|依赖|仰赖|依靠|倚赖|仰仗|取自|购自)$"
)
_PASSIVE_EN = re.compile(r"\bby\s+(?:the\s+)?$", re.IGNORECASE)
_PASSIVE_ZH = re.compile(r"(?:由|来自|产自|出自|源自|被|归|属于)$")
_LISTED = re.compile(r"^\s*(?:,|and|or|&|、|和|与|及)\s*(?:the\s+)?$", re.IGNORECASE)


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
    r"\b(?:state|government|republic|province|city|kingdom|ministry|territory|island|sultanate"
    r"|commonwealth) of (?:the )?$",
    re.IGNORECASE,
)


def subject_name(one: Entity) -> str:
    """How an actor is named in a claim: a government by its country."""
    if one.kind == "government" and one.place:
        try:
            return entity(one.place).en
        except InputError:
            return one.en
    return one.en


def named_here(sentence: Sentence, one: Entity, topic: Topic) -> str:
    """How an actor is named in a claim from a sentence: the continent stays the continent where the text says so."""
    if one.place == "EU" and one.kind == "country":
        return "Europe" if continental(sentence, topic.continental) else one.en
    return subject_name(one)


def continental(sentence: Sentence, before: bool) -> bool:  # noqa: FBT001
    """Whether a sentence speaks of Europe and not of the Union; as the text before it did where it names neither."""
    said = [
        sentence.text[name.start : name.end].lower()
        for name in sentence.names
        if name.entity.place == "EU" and name.entity.kind == "country"
    ]
    return said[0] in ("europe", "欧洲") if said else before


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
        governed = next((name for name in reversed(own or near) if _governed(sentence, name)), None)
        chosen = governed or _first(own or near)
        if topic.company is not None and "company" in kinds and _again(sentence, chosen):
            return topic.company
        return owner(_possessed(sentence, chosen))
    led = _antecedent(figure, here)
    if led is not None:
        return led
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
    if topic.company is not None and "company" in kinds and (FIRM.search(figure.before) or topic.actor is None):
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
_GROUP = re.compile(r"\bthe (?:group|army|militia|rebels|organi[sz]ation)\b|该组织|该军|该武装", re.IGNORECASE)
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
    if topic.office is not None and topic.office is topic.actor and _GROUP.search(before):
        return topic.office
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


_GOVERNED = re.compile(
    r"\b(?:expects?|wants?|allows?|ask(?:s|ed)|urge[sd]?|predicts?|forecasts?|believes?|says?|said|estimates?|saw|sees"
    r"|helps?|lets?)\s+(?:that\s+)?(?:the\s+)?$|(?:预计|预期|认为|表示|指出|透露|估计|预测|要求|允许|显示)[,:]?$",
    re.IGNORECASE,
)
_MAKES_IT = re.compile(r"\b(?:makes?|making|made|gives?|giving|gave|leaves?|brings?) (?:it|them)\b")
_WHICH = re.compile(r"\s*(?:which|whose|who|where|that)\b", re.IGNORECASE)


_THE = re.compile(r"\b(?:the|this)\s+$|(?:这家|该)$", re.IGNORECASE)
_FIRM_NOUN = re.compile(
    r"\s*(?:[a-z-]+\s+){0,2}(?:company|group|firm|miner|maker|producer|supplier|manufacturer|carmaker|automaker|start-?up"
    r"|developer|giant)\b(?!s)|(?:[^,。的]{0,4})(?:公司|集团|企业|车厂|厂商|矿商|车企|大厂)",
    re.IGNORECASE,
)


def _again(sentence: Sentence, name: Named) -> bool:
    """Whether a country's name only takes up a firm spoken of before ("the Belgian group", 这家美国车厂)."""
    if name.entity.kind != "country":
        return False
    if not _THE.search(sentence.text, max(sentence.start, name.start - 6), name.start):
        return False
    noun = _FIRM_NOUN.match(sentence.text, name.end)
    return noun is not None and not any(
        other.entity.kind == "company" and 0 <= other.start - noun.end() < 3 for other in sentence.names
    )


def _governed(sentence: Sentence, name: Named) -> bool:
    """Whether a name is the subject of what another says or wants ("Siemens expects Vietnam to supply")."""
    return _GOVERNED.search(sentence.text, max(sentence.start, name.start - 24), name.start) is not None


def _antecedent(figure: Figure, here: list[Named]) -> Entity | None:
    """Whom "which" or "whose" at the head of a figure's clause means: the name that stands right before it."""
    at = figure.clause.start
    if not _WHICH.match(figure.sentence.text, at) or _MAKES_IT.search(figure.before):
        return None
    before = [name for name in here if name.end <= at]
    if before and at - before[-1].end < 40 and before[-1].entity.kind in ("company", "plant", "mine", "agency"):
        return owner(before[-1].entity)
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


FIRM = re.compile(
    r"公司|集团|本企业|该厂|\b(?:the company|the group|the firm|the miner|the producer|it|its)\b", re.IGNORECASE
)


def _passive(figure: Figure, here: list[Named]) -> Entity | None:
    text = figure.sentence.text
    for name in here:
        if name.start < figure.clause.start or name.end > figure.clause.end:
            continue
        lead = text[max(figure.clause.start, name.start - 10) : name.start]
        if name.start >= figure.end and (_PASSIVE_EN.search(lead) or _PASSIVE_ZH.search(lead)):
            return _possessed(figure.sentence, name)
        if name.end <= figure.start and re.search(r"由$", lead):
            return name.entity
    for name in here:
        if name.start >= figure.end and text[name.start - 1] == "由" and _BUILDS.match(text, name.end):
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


_BUILDS = re.compile(r"(?:负责|来)?(?:兴建|建设|承建|建造|营运|运营|经营|出资|投资|供应|生产)")


def _worldly(name: Named) -> bool:
    return name.entity.kind in ("country", "place") and name.entity.place in ("WLD", "ZZ")


def main_actor(sentence: Sentence, spoken: Named | None) -> Entity | None:
    """Whom a sentence is about: its first acting name that is not the object of a preposition."""
    for name in sentence.names:
        if name.entity.kind not in ACTING or name is spoken or _worldly(name) or _again(sentence, name):
            continue
        if not oblique(sentence, name):
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
        if not _recipient(sentence, name) and not tells(sentence, name)
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
    if re.search(r"military|^US defence$", name.entity.en) and re.search(
        r"(?:[对向给]|\b(?:to|by"
        r"|for)\s+(?:the\s+)?)$",
        lead,
    ):
        return True
    return bool(re.search(r"[向报]$|\binform(?:ed)?\s+(?:the\s+)?$", lead))
