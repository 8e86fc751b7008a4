"""Home to measures: what an authority decides, as an object: action, instrument, issuer, items, codes, days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from ytterby.evidence.claims import Measure, Modality
from ytterby.evidence.extract import naming, timing
from ytterby.evidence.extract.actors import STATES, issuer, issuer_of, main_actor, subject_name
from ytterby.evidence.extract.context import Sentence
from ytterby.evidence.extract.cues import lower
from ytterby.evidence.extract.kinds import duties
from ytterby.evidence.extract.kinds.acts import ACTS, Act
from ytterby.evidence.extract.kinds.contract import Setting, trimmed
from ytterby.evidence.extract.topic import Found
from ytterby.evidence.grammar import Span
from ytterby.evidence.names import Named, entity, instruments
from ytterby.terms.errors import InputError

_CODES = re.compile(r"\b\d[A-E]\d{3}(?:\.[a-z](?:\.\d+)?)?\b|\b\d{4}\.\d{2}(?:\.\d{2,4})?\b")
_ITEM_COUNT = re.compile(
    r"(?<![十百\d])([一二两三四五六七八九十]|\d{1,2})(?:个)?(?:大)?(?:类|种)(?:中重)?(?:稀土)?(?:相关)?(?:物项|元素|稀土"
    r"|金属|商品)|\b(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|twelve)\s+(?:of\s+(?:the\s+)?\w+\s+)?(?:(?:medium|heavy|and"
    r"|rare|earth|more|other|additional)[\s-]+){0,6}(?:elements?|rare earths?|metals|types of|categories|items)",
    re.IGNORECASE,
)
_WORDS = (
    {
        w: i
        for i, w in enumerate(
            ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
        )
    }
    | {c: i for i, c in enumerate("〇一二三四五六七八九十")}
    | {"两": 2}
)
_STATE_OF = re.compile(r"(?:\b(?:to|on|against|with|for|targeting)\s+(?:the\s+)?|[对向给针])$", re.IGNORECASE)
_WANTS = re.compile(
    r"wants?|persuad|convinc|\bpress(?:ed|es|ing)?\b|\bpush(?:ed|es|ing)?\b|seek|urge|demand|call(?:s"
    r"|ed)? (?:on|for)|hope|whether|if\b|希望|要求|敦促|呼吁|若|如果|是否"
    r"|担心|fear|concern|worr|could|might|may\b",
    re.IGNORECASE,
)
_NOUNY = re.compile(
    r"\b(?:in response to|because of|due to|over|amid|despite|since|following|under"
    r"|by)\s+(?:\w+['’]?s?\s+){0,3}$|(?:因|由于|受|在|鉴于|随着)[^,。]{0,10}$",
    re.IGNORECASE,
)
_CLAIM = re.compile(r"\bclaims? (?:of|that)\b|据称|声称", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:it|they|which)\s+(?:has |have |had |also |then |later )*$|[其它]$", re.IGNORECASE)
_UNTIL = re.compile(r"\buntil\b|\bthrough\b|\bto\b|至|到")
_HEAVY = re.compile(r"technolog|技术", re.IGNORECASE)


def measures(sentence: Sentence, setting: Setting) -> Iterator[Found]:
    """The decisions a sentence tells, one for each clause that tells one; at most one per action."""
    if not any(tag in sentence.tags for tag in _GATE):
        return
    seen: set[tuple[str, str]] = set()
    for start, end, act in _acts(sentence):
        found = _measure(sentence, setting, Span(start, end), act)
        if found is None or found.measure is None:
            continue
        key = (found.measure.action, found.object)
        if key not in seen:
            seen.add(key)
            yield found


_GATE = ("policy", "licence", "norm", "tariff", "apply", "quota")
_TABLE: tuple[Act, ...] = (*duties.FIRST, *ACTS, *duties.LAST)


@cache
def _by_stem(chinese: bool) -> tuple[AhoCorasick, tuple[tuple[int, ...], ...]]:  # noqa: FBT001
    """The stems of all acts in one automaton, and for each stem the acts it may belong to."""
    found: dict[str, list[int]] = {}
    for at, act in enumerate(_TABLE):
        for stem in act.stems_zh if chinese else act.stems_en:
            found.setdefault(stem, []).append(at)
    machine = AhoCorasick(list(found), matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA)
    return machine, tuple(tuple(places) for places in found.values())


def _acts(sentence: Sentence) -> Iterator[tuple[int, int, Act]]:
    """Acts in order of the text, none inside another."""
    hits: list[tuple[int, int, Act]] = []
    for act in _possible(sentence):
        pattern = act.zh if sentence.chinese else act.en
        if pattern is None:
            continue
        for match in pattern.finditer(sentence.text, sentence.start, sentence.end):
            if act.unless is not None and act.unless.search(
                sentence.text[max(sentence.start, match.start() - 40) : match.start()]
            ):
                continue
            if not any(match.start() < end and start < match.end() for start, end, _ in hits):
                hits.append((match.start(), match.end(), act))
    yield from sorted(hits, key=lambda hit: hit[0])


def _possible(sentence: Sentence) -> list[Act]:
    """The acts of which a stem stands in the sentence, in the order of the table."""
    machine, rows = _stems(sentence.chinese)
    words = sentence.words if sentence.chinese else lower(sentence.words)
    found: set[int] = set()
    for index, _, _ in machine.find_matches_as_indexes(words, overlapping=True):
        found.update(rows[index])
    return [_TABLE[one] for one in sorted(found)]


@cache
def _stems(chinese: bool) -> tuple[AhoCorasick, tuple[tuple[int, ...], ...]]:  # noqa: FBT001
    """One machine for the stems of all acts, and the rows each stem belongs to."""
    rows: dict[str, list[int]] = {}
    for number, act in enumerate(_TABLE):
        for stem in act.stems_zh if chinese else act.stems_en:
            rows.setdefault(stem, []).append(number)
    stems = {stem: told for stem, told in rows.items() if stem}
    return AhoCorasick(list(stems), matchkind=MatchKind.Standard), tuple(tuple(told) for told in stems.values())


def _measure(sentence: Sentence, setting: Setting, hit: Span, act: Act) -> Found | None:
    who = _decider(sentence, setting, hit, act)
    if not who:
        return None
    first = sentence.clause_at(hit.start)
    lead = sentence.text[first.start : hit.start]
    if _WANTS.search(lead) and act.mood is None:
        return None
    if _NOUNY.search(lead):
        return None
    last = sentence.clause_at(max(hit.start, hit.end - 1))
    start, end = trimmed(sentence.text, first.start, last.end, hit.start, hit.end)
    decided = _decided(sentence, setting, Span(start, end), act, who)
    count = _count(sentence, Span(start, end), decided, act)
    items = ", ".join(decided.items) or setting_items(setting)
    mood, by = _mood(sentence, setting, Span(first.start, hit.end), act)
    return Found(
        "measure",
        start,
        end,
        value=count,
        unit="count" if count is not None else "",
        subject=who,
        object=act.words.format(_named(decided) or items),
        place=_place(who, sentence),
        counterpart="",
        period="",
        as_of=decided.in_force or decided.issued,
        modality=mood,
        attributed_to=by or setting.speaker,
        measure=decided,
        theme="measure",
        said_by=hit.end,
    )


def setting_items(setting: Setting) -> str:
    """What the text has been about, where a measure does not say what it covers."""
    return naming.material_words(setting.topic.material)


def _decider(sentence: Sentence, setting: Setting, hit: Span, act: Act) -> str:
    text, topic = sentence.text, setting.topic
    clause = sentence.clause_at(hit.start)
    agencies = [one for one in sentence.named(sentence.start, sentence.end, "agency") if not _receives(sentence, one)]
    office = _OFFICE.search(text, sentence.start, sentence.end)
    near = [
        name
        for name in sentence.named(clause.start, hit.start)
        if name.entity.kind in STATES and name.entity.place != "WLD" and not _target(sentence, name)
    ]
    if _HANDED.match(text, hit.start):
        return issuer(sentence, topic) if agencies else topic.issuer or _usual(sentence.words)
    if agencies and not (near and not sentence.named(clause.start, clause.end, "agency") and _foreign(near, agencies)):
        return issuer(sentence, topic) if not _receives(sentence, _first(sentence)) else agencies[0].entity.en
    if office is not None:
        return _CHINA
    if near and not (act.action == "relax" and near[-1].entity.kind == "organisation"):
        return subject_name(near[-1].entity)
    who = main_actor(sentence, setting.spoken)
    if (
        who is not None
        and who.kind in STATES
        and not _USERS.search(who.en)
        and not (act.action == "relax" and who.kind == "organisation")
    ):
        return subject_name(who)
    if act.strict:
        return ""
    if _PRONOUN.search(text[clause.start : hit.start]):
        return topic.issuer or (subject_name(topic.actor) if topic.actor and topic.actor.kind in STATES else "")
    for name in sentence.named(sentence.start, sentence.end, "instrument"):
        if name.entity.parent:
            with suppress(InputError):
                return entity(name.entity.parent).en
        if name.entity.place:
            return naming.country(name.entity.place)
    return _unsaid(sentence, setting, hit, act)


_USERS = re.compile(r"military|defen[cs]e industry|^US defence$", re.IGNORECASE)


def _first(sentence: Sentence) -> Named:
    return sentence.named(sentence.start, sentence.end, "agency")[0]


def _receives(sentence: Sentence, name: Named) -> bool:
    """Whether an office or force is the one that a thing is sent to or kept from."""
    return _target(sentence, name) and bool(_USERS.search(name.entity.en))


def _unsaid(sentence: Sentence, setting: Setting, hit: Span, act: Act) -> str:
    """Who decides where the sentence names nobody: whom the text has been about, else whoever such rules come from."""
    topic = setting.topic
    known = topic.issuer or issuer_of(topic.instrument)
    if not known and topic.actor is not None and topic.actor.kind in ("country", "government", "agency"):
        known = subject_name(topic.actor)
    if known:
        return known
    elsewhere = [
        name.entity.place
        for name in sentence.named(sentence.start, sentence.end, "place", "country", "government")
        if name.entity.place not in ("", "CN", "WLD", "ZZ") and not _target(sentence, name)
    ]
    if elsewhere and act.action in ("ban", "lift", "tariff", "suspend", "exempt", "stockpile", "quota"):
        return naming.country(elsewhere[0])
    if act.action in ("floor_price", "stockpile", "fund", "tariff", "negotiate", "resume"):
        return ""
    return _usual(sentence.words)


_CHINA = "China"
_HANDED = re.compile(
    r"receiv|obtain|secur|got\b|gets\b|won\b|gained|拿到|获得|取得|获发|获颁|领到|收到|获批", re.IGNORECASE
)
"""A licence told from the side of the one who gets it."""
_OFFICE = re.compile(
    r"(?<![国湾本韩越印])(?:财政部|交通运输部|自然资源部|生态环境部|税务总局|全国人大常委会|国务院关税税则委员会)"
)
"""Offices of the Chinese state that a Chinese text names without their country."""


def _foreign(near: list[Named], agencies: list[Named]) -> bool:
    """Whether the state before the act is not that of the office named elsewhere in the sentence."""
    return bool(near[-1].entity.place) and near[-1].entity.place != agencies[0].entity.place


def _usual(words: str) -> str:
    """The Chinese authority that such duties come from, where a text on China names none."""
    abroad = re.search(r"出口|境外|两用|export|abroad|overseas|dual-use", words, re.IGNORECASE)
    if re.search(r"指标|配额|追溯|总量|quota|traceab|total quantity", words, re.IGNORECASE):
        return "MIIT"
    if not abroad and re.search(r"开采|冶炼|smelt|\bmining\b", words, re.IGNORECASE):
        return "MIIT"
    if re.search(r"truce|休战|停火", words, re.IGNORECASE):
        return "China/United States"
    return (
        "MOFCOM"
        if re.search(
            r"出口|境外|许可|两用|管制|shipments|Chinese rule|最终用户|end[- ]user|国营贸易|state trad|export|licen"
            r"|dual-use"
            r"|controlled",
            words,
            re.IGNORECASE,
        )
        else ""
    )


def _target(sentence: Sentence, name: Named) -> bool:
    return bool(_STATE_OF.search(sentence.text[max(sentence.start, name.start - 14) : name.start]))


def _decided(sentence: Sentence, setting: Setting, span: Span, act: Act, who: str) -> Measure:
    topic = setting.topic
    words = sentence.text[span.start : span.end]
    hint = topic.today.year if topic.today else None
    cited = [
        one.id or f"announcement {one.number}"
        for one in instruments(sentence.text[sentence.start : sentence.end], hint)
    ]
    within = [one.id or f"announcement {one.number}" for one in instruments(words, hint)]
    cited, within = list(dict.fromkeys(cited)), list(dict.fromkeys(within))
    changes = act.action in ("suspend", "lift", "extend", "resume", "exempt", "relax", "tighten")
    superseded = tuple(within) if changes else ()
    own = [one for one in cited if one not in superseded]
    instrument = own[0] if own else (topic.instrument if topic.instrument not in superseded else "")
    reach = sentence.end if act.action in ("control", "ban", "list", "exempt") else span.end
    items = tuple(dict.fromkeys(_item(name) for name in sentence.named(span.start, reach, "material")))
    if _HEAVY.search(words) and not any("technolog" in item for item in items):
        items = (*items, "technology")
    places = dict.fromkeys(
        name.entity.place
        for name in sentence.named(span.start, span.end, "country")
        if name.entity.place and name.entity.place != "WLD" and _target(sentence, name)
    )
    begins, until, force, issued = _days(sentence, setting, act)
    return Measure(
        action=act.action,
        instrument=instrument,
        issuer=who,
        items=items,
        codes=tuple(dict.fromkeys(_CODES.findall(words))),
        destinations=tuple(places),
        issued=issued,
        in_force=force,
        suspended_from=begins,
        suspended_until=until,
        supersedes=superseded,
    )


def _item(name: Named) -> str:
    one = name.entity
    return one.elements[0] if one.id.startswith("el.") else one.en


def _days(sentence: Sentence, setting: Setting, act: Act) -> tuple[str, str, str, str]:
    """From when and until when suspended, in force from, issued on; as ISO days, empty where not told."""
    topic = setting.topic
    today = topic.today.isoformat() if topic.today else ""
    days = [one for one in sentence.times if timing.day(one.period.split("..")[-1])]
    until = next(
        (
            one.period.split("..")[-1]
            for one in days
            if one.role in ("until", "by") or _UNTIL.search(sentence.text[one.start : one.end])
        ),
        "",
    )
    since = next((one.period.split("..")[0] for one in days if one.role in ("from", "since")), "")
    plain = next((one.period for one in days if one.role == "in" and ".." not in one.period), "")
    at_once = bool(re.search(r"即日起|with immediate effect|immediately|自(?:公布|发布)之日起", sentence.words))
    if act.action in ("suspend", "extend", "exempt"):
        return since or (today if at_once or (until and not since) else ""), until, "", plain
    return "", until, since or (today if at_once else ""), plain or topic.issued


def _count(sentence: Sentence, span: Span, decided: Measure, act: Act) -> float | None:
    words = sentence.text[span.start : span.end]
    said = _ITEM_COUNT.search(words)
    if said and not re.match(r"之?中(?!重)", words[said.end() :]):
        word = (said[1] or said[2]).lower()
        return float(word) if word.isdigit() else float(_WORDS.get(word, 0)) or None
    if act.action in ("suspend", "lift", "extend") and len(decided.supersedes) > 1:
        return float(len(decided.supersedes))
    if act.action == "quota":
        lots = _LOTS.search(words)
        if lots:
            word = (lots[1] or lots[2]).lower()
            return float(word) if word.isdigit() else float(_WORDS[word])
    if act.action in ("control", "list", "ban"):
        told = [
            one
            for one in sentence.quantities
            if span.start <= one.start and one.end <= span.end and one.dimension in ("count", "other")
        ]
        if len(told) > 1 and re.search(r"中|其中", sentence.text[told[0].end : told[1].start]):
            told = told[1:]
        return next((one.value for one in told if _KINDS_OF.match(sentence.text[one.number_end : span.end])), None)
    return None


_LOTS = re.compile(
    r"分([一两二三四五六\d])(?:次|批)|\bin (two|three|four|\d) (?:batches|lots|tranches|rounds)", re.IGNORECASE
)
_KINDS_OF = re.compile(
    r"(?:种|类)(?!别)|\s*(?:\w+\s+){0,2}(?:elements|rare earths|metals|items|technologies)\b|\s*of the \w+\s",
    re.IGNORECASE,
)


def _named(decided: Measure) -> str:
    if decided.supersedes:
        numbers = [
            one.split("-")[1] if one.startswith("cn-") and one.count("-") == 2 else one for one in decided.supersedes
        ]
        return ("Announcements " if len(numbers) > 1 else "Announcement ") + ", ".join(numbers)
    return ""


def _mood(sentence: Sentence, setting: Setting, clause: Span, act: Act) -> tuple[Modality, str]:
    words = sentence.text[clause.start : clause.end]
    if _CLAIM.search(words):
        who = main_actor(sentence, setting.spoken)
        return "claimed", subject_name(who) if who else ""
    if act.mood == "claimed":
        who = main_actor(sentence, setting.spoken)
        return "claimed", subject_name(who) if who and who.kind in STATES else ""
    if act.mood is not None:
        return act.mood, ""
    if sentence.has("target", clause.start, clause.end):
        return "target", ""
    if sentence.has("forecast", clause.start, clause.end):
        return "forecast", ""
    if sentence.has("hedge"):
        return "reported", ""
    return "asserted", ""


def _place(who: str, sentence: Sentence) -> str:
    first = who.split("/")[0]
    for name in sentence.names:
        if name.entity.en == first or subject_name(name.entity) == first:
            return name.entity.place
    return "CN" if first in ("MOFCOM", "GAC", "MIIT", "China") else ""
