"""Home to forecasts without an amount: years aimed at, shortages from a year on, directions expected; and to
forecast shares of things that are no market.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ytterby.evidence.claims import Modality
from ytterby.evidence.extract import naming, timing
from ytterby.evidence.extract.actors import main_actor, subject_name
from ytterby.evidence.extract.context import Figure, Sentence
from ytterby.evidence.extract.kinds.contract import Setting, made, trimmed
from ytterby.evidence.extract.topic import Found
from ytterby.evidence.grammar import Span, Time

_REPLACE = re.compile(r"replace|displac|substitut|automat|取代|替代|代替", re.IGNORECASE)
_SHORTAGE = re.compile(
    r"shortages?|deficits?|shortfalls?|supply gap|undersupply|短缺|缺口|供不应求|供应不足|紧缺", re.IGNORECASE
)
_FROM_YEAR = re.compile(
    r"(?:start\w*|begin\w*|from|emerg\w*|as (?:early|soon) as|since|in|by|around)\s+(?:in\s+)?$|[自从于在到]$|最早$",
    re.IGNORECASE,
)
_AIMS = re.compile(
    r"mass production|volume production|commercial production|dominance|self-sufficien\w+|independence"
    r"|leadership|first production"
    r"|production (?:start|at)|start(?:s|ing)? (?:of )?production|begin\w* production|full capacity"
    r"|operations?|commissioning|online|on stream"
    r"|量产|主导|投产|达产|自给自足|自主可控|商业化|领先|霸主|建成|独立|开工|脱离|摆脱",
    re.IGNORECASE,
)
_DIRECTION_DOWN = re.compile(
    r"\b(?:drop|fall|decline|decrease|shrink|slow|slide|dip|ease|weaken|lower|slump|tumble|soften)\b"
    r"|\b(?:falling|dropping|declining|shrinking|slowing|sliding|easing|weakening|slumping|softening)\b"
    r"|\b(?:drop|fall|decline|decrease|slide|slump|pull-?back|setback|slowdown|correction)s?\b|下滑|下降"
    r"|减少|下跌|回落|走低|降低|缩减|走弱|萎缩|大减|锐减|放缓|趋缓|回调|走软|收缩|下调|趋弱|转弱|降温",
    re.IGNORECASE,
)
_DIRECTION_UP = re.compile(
    r"\b(?:rise|grow|increase|climb|rebound|recover|jump|surge|soar|expand|higher|pick up|accelerate)\b"
    r"|\b(?:rising|growing|increasing|climbing|rebounding|recovering|jumping|surging|soaring|expanding)\b"
    r"|\b(?:rebound|recovery|rise|increase|uptick)\b|上升"
    r"|续增|续升|再增|增加|增长|上涨|回升|走高|反弹|攀升|大增|扩大|看涨|激增|走强|转强|升温|趋升|放量|逐步恢复|恢复增长",
    re.IGNORECASE,
)
_EXPECTS = re.compile(
    r"\b(?:likely|expected?|expects?|forecasts?|predict(?:s|ed)?|anticipate[sd]?|will|set to|poised|sees?"
    r"|projected|may|could|should|room for|risk of)\b"
    r"|预期|预计|预测|料|有望|可望|或将|恐|将会|可能|预料|看好|估计|将(?!军|领|士)|(?<![协商工学国年大])会(?![议谈员长场上见计同])|恐怕|或(?=继续|进一步)|势必",
    re.IGNORECASE,
)
_TRADED = re.compile(r"shipments?|exports?|imports?|出货|出口|进口|发货", re.IGNORECASE)
_SUBJECTS = ("export", "import", "price", "production", "demand")


def replaced(figure: Figure, setting: Setting) -> Found | None:
    """A part of something expected to be replaced, reached or covered ("could replace 30-40 % of the workforce")."""
    if not _REPLACE.search(figure.before):
        return None
    who = next(
        (name.entity for name in figure.sentence.named(figure.clause.start, figure.start, "product", "material")), None
    )
    actor_found = who or main_actor(figure.sentence, setting.spoken)
    words = (
        "workforce replaced"
        if re.search(
            r"workforce|labou?r|jobs|劳动力|岗位"
            r"|工人",
            figure.after,
        )
        else "replaced"
    )
    return made(
        figure,
        setting,
        "forecast",
        subject=subject_name(actor_found) if actor_found else "",
        object=words,
        place="ZZ",
        theme="forecast",
        carry=False,
    )


def otherwise(figure: Figure, setting: Setting) -> Found | None:
    """A percentage that is foreseen or aimed at and nothing more precise: a forecast of what the clause names."""
    if not (figure.has("forecast", "clause") or figure.has("target", "clause")):
        return None
    thing = naming.material(figure, setting.topic, carry=False)
    who = main_actor(figure.sentence, setting.spoken)
    if thing is None:
        return None
    return made(
        figure,
        setting,
        "forecast",
        subject=subject_name(who) if who else "world",
        object=naming.material_words(thing),
        material=thing,
        place=naming.code_of(who) or "WLD",
        theme="forecast",
        carry=False,
    )


def unnumbered(sentence: Sentence, setting: Setting) -> Iterator[Found]:
    """Years aimed at or foreseen, and directions expected, in the clauses of a sentence."""
    yield from _years(sentence, setting)
    yield from _directions(sentence, setting)


def _years(sentence: Sentence, setting: Setting) -> Iterator[Found]:
    for time in timing.free_times(sentence):
        year = _year(time)
        if year is None:
            continue
        clause = _narrow(sentence, time)
        words = sentence.text[clause.start : clause.end]
        if any(clause.start <= one.start and one.end <= clause.end for one in sentence.quantities):
            continue
        lead = sentence.text[clause.start : time.start]
        if _SHORTAGE.search(words) and _foreseen(sentence, time, setting, year):
            yield _short(sentence, setting, clause, time, year)
        elif (
            _AIMS.search(words)
            and (time.role == "by" or re.search(r"(?:\bby|\bin|前|到)\s*$", lead))
            and _aimed(sentence, clause, year, setting)
        ):
            yield _aim(sentence, setting, clause, time, year)


def _year(time: Time) -> int | None:
    label = time.period[:4]
    if (
        not label.isdigit()
        or time.kind not in ("year", "range", "relative", "half")
        or not (time.kind == "year" or time.period.startswith(label))
    ):
        return None
    return int(label) if time.kind == "year" else None


def _narrow(sentence: Sentence, time: Time) -> Span:
    """The words a year goes with: its clause, cut at "and" where another year stands on the other side."""
    clause = sentence.clause_at(time.start)
    start, end = clause.start, clause.end
    for other in sentence.times:
        if other is time or not (clause.start <= other.start and other.end <= clause.end):
            continue
        if other.end <= time.start:
            join = re.search(r"\band\b|和|并|及", sentence.text[other.end : time.start])
            start = max(start, other.end + (join.end() if join else 0))
        elif other.start >= time.end:
            join = re.search(r"\s+and\b|和|并|及", sentence.text[time.end : other.start])
            end = min(end, time.end + (join.start() if join else 0))
    return Span(start, end)


def _foreseen(sentence: Sentence, time: Time, setting: Setting, year: int) -> bool:
    today = setting.topic.today
    return bool(_EXPECTS.search(sentence.words)) or (today is not None and year > today.year)


def _aimed(sentence: Sentence, clause: Span, year: int, setting: Setting) -> bool:
    today = setting.topic.today
    return (
        sentence.has("target", sentence.start, clause.end)
        or sentence.has("forecast", sentence.start, clause.end)
        or (today is not None and year > today.year and sentence.has("will", sentence.start, clause.end))
    )


def _short(sentence: Sentence, setting: Setting, clause: Span, time: Time, year: int) -> Found:
    thing = next((name.entity for name in sentence.named(clause.start, clause.end, "material")), setting.topic.material)
    start, end = trimmed(sentence.text, clause.start, clause.end, clause.start, time.end)
    return Found(
        "forecast",
        start,
        end,
        value=float(year),
        unit="year",
        subject="world",
        object=f"{naming.material_words(thing)} shortage",
        material=thing,
        place="WLD",
        period=time.period,
        modality="forecast",
        attributed_to=setting.speaker,
        theme="shortage",
    )


def _aim(sentence: Sentence, setting: Setting, clause: Span, time: Time, year: int) -> Found:
    product = next(
        (name.entity for name in sentence.named(sentence.start, clause.end, "product", "material")),
        setting.topic.product or setting.topic.material,
    )
    who = main_actor(sentence, setting.spoken) or setting.topic.actor
    aim = _AIMS.search(sentence.text, clause.start, clause.end)
    said = aim[0].lower() if aim else ""
    start, end = trimmed(sentence.text, clause.start, clause.end, clause.start, time.end)
    mood: Modality = "target" if sentence.has("target", sentence.start, clause.end) else "forecast"
    return Found(
        "forecast",
        start,
        end,
        value=float(year),
        unit="year",
        subject=subject_name(who) if who else "",
        object=f"{product.en if product else ''} {said if said.isascii() else 'mass production'}".strip(),
        place=naming.code_of(who),
        by=time.period,
        modality=mood,
        attributed_to=setting.speaker,
        theme="aim",
        actor=who,
    )


def _directions(sentence: Sentence, setting: Setting) -> Iterator[Found]:
    if not ("up" in sentence.tags or "down" in sentence.tags):
        return
    for clause in sentence.clauses:
        if any(clause.start <= one.start and one.end <= clause.end for one in sentence.quantities):
            continue
        words = sentence.text[clause.start : clause.end]
        expects = _EXPECTS.search(words)
        if not expects:
            continue
        down, up = _DIRECTION_DOWN.search(words), _DIRECTION_UP.search(words)
        turn = down or up
        theme = next((tag for tag in _SUBJECTS if sentence.has(tag, clause.start, clause.end)), "")
        if (
            turn is None
            or not theme
            or (theme == "production" and not re.search(r"output|production|产量|开工率", words))
        ):
            continue
        if turn.start() < expects.start() and not sentence.chinese and not _NOUN_TURN.search(words):
            continue
        yield _direction(sentence, setting, clause, theme, "down" if down else "up")


_NOUN_TURN = re.compile(
    r"\b(?:a|an|further|another|any|the)\s+(?:[\w-]+\s+){0,2}?(?:drop|fall|decline|decrease|slide|slowdown|pull-?back"
    r"|correction|rebound|rise|increase|recovery|jump|surge)s?\b[^,;]{0,40}?\b(?:is|are|was|looks?|seems?)\s+"
    r"(?:\w+\s+)?(?:likely|expected|forecast|projected|anticipated|possible)\b",
    re.IGNORECASE,
)


def _direction(sentence: Sentence, setting: Setting, clause: Span, theme: str, way: str) -> Found:
    topic = setting.topic
    thing = next((name.entity for name in sentence.named(clause.start, clause.end, "material")), topic.material)
    start, end = trimmed(sentence.text, clause.start, clause.end, clause.end, clause.start)
    when = next((one.period for one in timing.free_times(sentence) if clause.start <= one.start < clause.end), "")
    found = Found(
        "forecast",
        start,
        end,
        unit=f"direction:{way}",
        material=thing,
        period=when,
        modality="forecast",
        attributed_to=setting.speaker,
        theme=theme,
    )
    if theme in ("export", "import"):
        mention = next((one for one in setting.trades if clause.start <= one.cue.start < clause.end), None)
        reporter = (mention.reporter if mention else "") or (topic.reporter if topic.flow == theme else "") or "CN"
        partner = mention.counterpart if mention else ""
        found.subject, found.place, found.counterpart = naming.country(reporter), reporter, partner or "WLD"
        found.object = naming.trade_words(thing, theme, partner)
        return found
    if theme == "price":
        found.subject, found.object = "market", f"{naming.material_words(thing)} price"
        return found
    who = main_actor(sentence, setting.spoken)
    found.subject = subject_name(who) if who and who.kind != "product" else "world"
    found.place = naming.code_of(who) or "WLD"
    found.object = f"{naming.as_modifier(thing)} {theme}"
    return found
