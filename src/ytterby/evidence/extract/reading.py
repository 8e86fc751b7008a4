"""Home to reading: passage by passage, sentence by sentence, what a document states becomes claims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from ytterby.evidence.claims import Claim, Confidence, Source
from ytterby.evidence.documents import SPOKEN, Document, Part, Passage
from ytterby.evidence.extract import actors, speakers, timing
from ytterby.evidence.extract.context import Figure, Sentence, scene
from ytterby.evidence.extract.kinds.contract import Setting
from ytterby.evidence.extract.kinds.counts import only_plants
from ytterby.evidence.extract.kinds.dates import begins, dates
from ytterby.evidence.extract.kinds.forecasts import unnumbered
from ytterby.evidence.extract.kinds.measures import measures
from ytterby.evidence.extract.kinds.ranks import tops
from ytterby.evidence.extract.kinds.table import DECIDERS
from ytterby.evidence.extract.tables import headings, row
from ytterby.evidence.extract.topic import Found, Topic
from ytterby.evidence.extract.trade import mentions
from ytterby.evidence.grammar import times
from ytterby.evidence.grammar.quantities import Dimension
from ytterby.evidence.names import entity, find, instruments
from ytterby.terms.text import fold

EXTRACTOR = "rules/1"
"""What made a claim; changes whenever the rules may say something else."""


def extract(document: Document) -> list[Claim]:
    """The claims of a document, in the order of its text.

    Nothing is claimed from heads, titles, headings and page furniture; titles and headings tell what the text is about.
    """
    folded = _HALF.sub("\ufffd", fold(document.text))
    topics: dict[int, Topic] = {}
    made: list[Claim] = []
    for passage in document.passages:
        part = document.part(passage)
        topic = topics.get(passage.part)
        if topic is None:
            topic = topics[passage.part] = _opened(part)
        if passage.kind not in SPOKEN:
            if passage.kind == "heading":
                _headed(topic, folded[passage.start : passage.end])
            continue
        words = folded[passage.start : passage.end]
        if passage.kind == "row":
            found = _row(words, fold(passage.group), topic, part.lang)
        else:
            found, topic.columns = _passage(words, topic, part.lang), None
        made += [_claim(document, part, passage, one) for one in _once(found)]
    if "\ufffd" in folded:
        made = [claim for claim in made if not _HALF.search(claim.quote)]
    return made


_HALF = re.compile("[\ud800-\udfff]")
"""Half of a character pair: no encoding can write it, so that it can stand in no record."""


def _opened(part: Part) -> Topic:
    """The topic an article starts with, from its title and day."""
    topic = Topic(today=_today(part.date), chinese=part.lang.startswith("zh"), title=fold(part.title))
    hint = topic.today.year if topic.today else None
    names = find(topic.title)
    topic.material = next((name.entity for name in names if name.entity.kind == "material"), None)
    topic.actor = next((name.entity for name in names if name.entity.kind in actors.ACTING), None)
    if topic.actor is not None:
        actors.follow(topic, topic.actor)
    topic.product = next((name.entity for name in names if name.entity.kind == "product"), None)
    topic.company = next((name.entity for name in names if name.entity.kind == "company"), None)
    topic.author = _author(part.publisher)
    lands = [name.entity for name in names if name.entity.kind == "country" and name.entity.place not in ("WLD", "ZZ")]
    if topic.chinese and (part.lang == "zh" or lands):
        at_home = not lands or any(one.place == "CN" for one in lands)
        topic.home = entity("CN") if at_home else lands[0]
    agencies = [name.entity.en for name in names if name.entity.kind == "agency"]
    topic.issuer = "/".join(dict.fromkeys(agencies[:2]))
    cited = instruments(topic.title, hint)
    topic.instrument = cited[0].id if cited else ""
    whens = times(topic.title, topic.today, part.lang) if topic.today else []
    topic.period = next(
        (one.period for one in whens if one.kind in ("month", "quarter", "half") and one.role == "in"), ""
    )
    if re.search(r"出口|\bexports?\b|shipments", topic.title, re.IGNORECASE):
        topic.flow = topic.theme = "export"
    elif re.search(r"进口|\bimports?\b", topic.title, re.IGNORECASE):
        topic.flow = topic.theme = "import"
    for tag, words in _TITLED:
        if not topic.theme and words.search(topic.title):
            topic.theme = tag
    return topic


@lru_cache(maxsize=256)
def _author(publisher: str) -> str:
    """The house of analysts or the organisation whose own publication a text is; empty for newspapers and firms."""
    words = fold(publisher)
    names = find(words) if words else []
    if len(names) == 1 and names[0].entity.kind in ("analyst", "organisation"):
        alone = names[0].start == 0 and len(words) - names[0].end < 12
        return names[0].entity.en if alone else ""
    return ""


_TITLED: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("quota", re.compile(r"配额|指标|\bquotas?\b", re.IGNORECASE)),
    ("price", re.compile(r"价格|报价|\bprices?\b", re.IGNORECASE)),
    ("reserve", re.compile(r"储量|\breserves\b", re.IGNORECASE)),
    ("demand", re.compile(r"需求|\bdemand\b", re.IGNORECASE)),
)


def _headed(topic: Topic, words: str) -> None:
    """A heading starts a new subject: what the sentences before it were about no longer carries."""
    names = find(words)
    thing = next((name.entity for name in names if name.entity.kind == "material"), None)
    who = next((name.entity for name in names if name.entity.kind in actors.ACTING), None)
    topic.material = thing or topic.material
    topic.actor = who or topic.actor
    topic.last, topic.speaker = None, ""


def _today(label: str) -> date | None:
    try:
        return date.fromisoformat(label if len(label) > 7 else f"{label}-15")
    except ValueError:
        return None


def _passage(text: str, topic: Topic, lang: str) -> Iterator[Found]:
    topic.last, topic.voice = None, ""
    for sentence in scene(text, topic.today, lang):
        yield from _sentence(sentence, topic)


def _row(text: str, over: str, topic: Topic, lang: str) -> Iterator[Found]:
    columns = headings(text, over or topic.title, topic.today, lang)
    if columns is not None and (topic.columns is None or any(columns.periods)):
        topic.columns = columns
    elif topic.columns is not None:
        yield from row(text, topic.columns, topic, lang)
    else:
        yield from _passage(text, topic, lang)


def _sentence(sentence: Sentence, topic: Topic) -> list[Found]:
    speaker, spoken = speakers.speaker(sentence, topic)
    timing.reopen(topic, sentence.words)
    _instrument(sentence, topic)
    setting = Setting(sentence, topic, mentions(sentence, topic.reporter), speaker, spoken)
    found: list[Found] = []
    for figure in sentence.figures:
        if _restated(figure, found, topic):
            continue
        one = _decide(_borrowed(figure, topic), setting)
        if one is not None:
            _remember(topic, one, figure)
            found.append(one)
            if topic.said:
                found += topic.said
                topic.said.clear()
    found += dates(sentence, setting)
    told = list(_apart(measures(sentence, setting), found))
    found += told
    found += begins(sentence, told, found)
    found += unnumbered(sentence, setting)
    found += only_plants(sentence, setting)
    found += tops(sentence, setting)
    _after(sentence, topic, setting)
    timing.settle(topic, sentence)
    return sorted(found, key=lambda one: (one.start, one.end))


def _restated(figure: Figure, found: list[Found], topic: Topic) -> bool:
    """Whether a figure in brackets says the one before it exactly ("逾两成(20.3%)"): then that one takes it over."""
    quantity, last = figure.quantity, topic.last
    if last is None or not found or found[-1] is not last or last.unit != quantity.unit or quantity.value is None:
        return False
    if (
        not _OPENED.search(figure.sentence.text[last.start : figure.start])
        or last.value is None
        or last.comparator == "="
    ):
        return False
    if abs(abs(last.value) - quantity.value) > 0.35 * quantity.value:
        return False
    last.value = -quantity.value if last.value < 0 else quantity.value
    last.comparator, last.end = quantity.comparator, max(last.end, quantity.end)
    return True


def _borrowed(figure: Figure, topic: Topic) -> Figure:
    """A bare number in a list of amounts ("China holds 44 million tonnes, Brazil 21 million") in the unit before it."""
    quantity, last = figure.quantity, topic.last
    if quantity.dimension not in ("count", "other") or quantity.noun or last is None or quantity.value is None:
        return figure
    if (
        last.start < figure.sentence.start
        or last.value is None
        or not last.unit
        or last.kind in ("rank", "measure", "count")
    ):
        return figure
    dimension = _DIMENSIONS.get(last.unit.split("/")[0] if last.unit != "%" else "%")
    alone = _ENDS.match(figure.sentence.text[quantity.number_end : figure.sentence.end])
    if dimension is None or not alone or not 1e-4 < quantity.value / max(abs(last.value), 1e-9) < 1e4:
        return figure
    unit = last.unit.removesuffix("/unit")
    borrowed = replace(
        quantity, unit=unit, dimension="mass_rate" if unit.endswith("/yr") and dimension == "mass" else dimension
    )
    return replace(figure, quantity=borrowed)


_DIMENSIONS: dict[str, Dimension] = {
    "t": "mass",
    "kg": "mass",
    "lb": "mass",
    "USD": "money",
    "CNY": "money",
    "year": "duration",
    "month": "duration",
    "week": "duration",
    "day": "duration",
}
_ENDS = re.compile(r"\s*(?:million|billion|万|亿)?\s*(?:[,;.。、)]|and\b|in\b|by\b|to\b|from\b|respectively|$)")
_OPENED = re.compile(r"[(（]\s*$")


def _decide(figure: Figure, setting: Setting) -> Found | None:
    for decide in DECIDERS.get(figure.quantity.dimension, ()):
        found = decide(figure, setting)
        if found is not None:
            return found
    return None


_FAR_BEHIND = 24
"""A line drawn so many characters behind the words that decide is told beside the decision, not instead of it."""


def _apart(told: Iterator[Found], figures: list[Found]) -> Iterator[Found]:
    """The measures that no figure of the same words has told already."""
    for one in told:
        inside = [
            other
            for other in figures
            if (other.measure is not None or (other.theme == "licence" and other.kind in ("count", "share")))
            and not (other.kind == "threshold" and 0 <= one.said_by < other.end - _FAR_BEHIND)
            and other.kind != "date"
            and other.start < one.end
            and one.start < other.end
        ]
        if not inside:
            yield one


def _instrument(sentence: Sentence, topic: Topic) -> None:
    """What a sentence says of an instrument, its issuer and its day, holds for the sentences after it."""
    words = sentence.words
    if "号" in words or "nnouncement" in words or "No." in words or "Order" in words:
        cited = instruments(words, topic.today.year if topic.today else None)
        if (
            cited
            and len({one.id for one in cited}) == 1
            and cited[0].id
            and (not topic.instrument or re.search(r"发布|公布|颁布|issued|released|announced|published", words))
        ):
            topic.instrument = cited[0].id
    agency = sentence.named(sentence.start, sentence.end, "agency")
    if agency:
        topic.issuer = actors.issuer(sentence, topic) or topic.issuer
        if re.search(r"发布|公布|颁布|宣布|issued|published|announced", words):
            day = next((one.period for one in sentence.times if timing.day(one.period)), "")
            topic.issued = topic.issued or day


def _remember(topic: Topic, found: Found, figure: Figure) -> None:
    topic.last = found
    if found.theme in ("share", "depend", "selfsuff"):
        topic.held = found.theme
    elif found.theme:
        topic.theme, topic.held = found.theme, ""
    if found.material is not None:
        topic.material = found.material
    if found.period and not timing.levelled(figure) and not timing.possessed(figure):
        topic.period = found.period


def _after(sentence: Sentence, topic: Topic, setting: Setting) -> None:
    who = actors.main_actor(sentence, setting.spoken)
    if who is not None:
        topic.actor = actors.owner(who)
        actors.follow(topic, topic.actor)
    for name in sentence.names:
        if name.entity.kind == "company" and not actors.oblique(sentence, name):
            topic.company = name.entity
            break
    topic.continental = actors.continental(sentence, topic.continental)
    if setting.speaker:
        topic.speaker = topic.voice = setting.speaker
    if not sentence.figures:
        spoken = [
            tag for cue in sentence.cues for tag in sorted(cue.tags) if tag in ("quota", "price", "reserve", "capacity")
        ]
        topic.theme = spoken[-1] if spoken else topic.theme
    topic.licensing = "licence" in sentence.tags or "apply" in sentence.tags
    for name in sentence.names:
        kind = name.entity.kind
        if kind == "material":
            topic.material = name.entity
        elif kind == "product":
            topic.product = name.entity
        elif kind == "place":
            topic.place = name.entity
        if kind in ("place", "mine", "plant") and name.entity.place:
            topic.site = name.entity.place
        elif kind == "country" and re.search(
            r"\b(?:in|at|its)\s+(?:the\s+)?$", sentence.text[max(sentence.start, name.start - 9) : name.start]
        ):
            topic.site = name.entity.place if name.entity.place not in ("WLD", "ZZ") else topic.site


def _once(found: Iterator[Found]) -> Iterator[Found]:
    """Each statement once: the same figure of the same thing in the same passage is not said twice."""
    seen: set[tuple[Any, ...]] = set()
    for one in found:
        key = (
            one.kind,
            one.value,
            one.low,
            one.high,
            one.unit,
            one.subject,
            one.object,
            one.period,
            one.as_of,
            one.against,
        )
        if key in seen:
            continue
        seen.add(key)
        yield one


_GRADES: tuple[tuple[re.Pattern[str], Confidence], ...] = (
    (
        re.compile(
            r"商务部|海关|国务院|工信部|\.gov\b|ministry|customs|commission|usgs|iea|government|eur-lex|mofcom",
            re.IGNORECASE,
        ),
        "A",
    ),
    (re.compile(r"sou\s?hu|搜狐|头条|blog|substack|个人|自媒体|百家号|forum|微博", re.IGNORECASE), "C"),
)


@lru_cache(maxsize=256)
def _origin(publisher: str, title: str, day: str, url: str) -> tuple[Source, Confidence, date | None]:
    """What all claims of one article share: its source, its grade (A for offices, C for portals and blogs, B for the
    rest) and the day it could be known.
    """
    grade: Confidence = next((one for pattern, one in _GRADES if pattern.search(f"{publisher} {url}")), "B")
    year = int(day[:4]) if day[:4].isdigit() else None
    return Source(publisher=publisher, title=title, year=year, url=url), grade, _today(day)


def _claim(document: Document, part: Part, passage: Passage, found: Found) -> Claim:
    start, end = passage.start + found.start, passage.start + found.end
    source, grade, known = _origin(
        part.publisher or document.publisher,
        part.title or document.title,
        part.date or document.date,
        part.url or document.url,
    )
    thing = found.material
    return Claim(
        document=document.id,
        path=document.path,
        passage=passage.n,
        start=start,
        end=end,
        quote=document.text[start:end],
        kind=found.kind,
        subject=found.subject,
        object=found.object,
        material=thing.material if thing else "",
        elements=thing.elements if thing else (),
        stage=found.stage or (thing.stage if thing else ""),
        place=_code(found.place),
        counterpart=_code(found.counterpart),
        basis=found.basis,
        value=found.value,
        low=found.low,
        high=found.high,
        comparator=found.comparator,
        unit=found.unit,
        period=found.period,
        as_of=found.as_of,
        by=found.by,
        against=found.against,
        measure=found.measure,
        modality=found.modality,
        attributed_to=found.attributed_to,
        known=known,
        source=source,
        access="read",
        confidence=grade,
        extractor=EXTRACTOR,
    )


def _code(place: str) -> str:
    return place if place == "WLD" or (len(place) == 2 and place.isascii() and place.isupper()) else ""
