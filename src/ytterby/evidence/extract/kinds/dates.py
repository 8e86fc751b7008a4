"""Home to dates: days on which an instrument is issued, takes effect, is suspended until, or a ruling falls."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ytterby.evidence.claims import Measure
from ytterby.evidence.extract import timing
from ytterby.evidence.extract.actors import issuer, issuer_of
from ytterby.evidence.extract.context import Sentence
from ytterby.evidence.extract.kinds.contract import Setting, trimmed
from ytterby.evidence.extract.kinds.events import happened
from ytterby.evidence.extract.topic import Found
from ytterby.evidence.grammar import Span
from ytterby.evidence.names import Cited, instruments

_INSTRUMENT = re.compile(
    r"\bban\b|exemption|waiver|truce|公告|通知|条例|办法|决定|目录|清单|令|规定|法案|指令|announcement|order"
    r"|rule|regulation|notice|decree"
    r"|proclamation|directive|act\b|catalogue|measures",
    re.IGNORECASE,
)
_FORCE = re.compile(
    r"施行|实施|生效|执行|起?开征|\b(?:began|begun|started) (?:enforcing|applying)\b|\b(?:takes?|took|taking|in(?:to)?"
    r"|came into|enters? into"
    r"|entered into) (?:force|effect)\b|\beffective\b|\bappl(?:y|ies|ied) from\b"
    r"|\bin force\b|\bkicks? in\b|\bphased? in\b|\bstarts? (?:on|from)\b",
    re.IGNORECASE,
)
_SAME_DAY = re.compile(
    r"自(?:本?公告)?(?:公布|发布|印发|颁布|即|公告)(?:之)?日起|即日起|with immediate effect"
    r"|effective immediately|immediately upon|takes? effect immediately"
    r"|from the (?:date|day) of (?:its )?(?:publication|issue|announcement)|(?:on"
    r"|since) the day of (?:its )?publication|同日起|当日起",
    re.IGNORECASE,
)
_ISSUE = re.compile(
    r"发布|公布|颁布|印发|下发|发出|出台|刊发|下达|\b(?:issued|published|announced|released|promulgated"
    r"|gazetted|unveiled|posted|adopted|signed)\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"暂停期|期限|有效期至|直至|延至|持续[到至]|到期|届满|为止|截止|失效|终止|\b(?:until|till|through|extend\w*\b[^.;]{0,30}\bto"
    r"|expires?|lapses?|lapsing|expiring"
    r"|ends?|runs? to)\b|(?:暂停|中止|延长|展期|豁免)[^。]{0,40}至|至[^。]{0,24}(?:暂停|止)",
    re.IGNORECASE,
)
_SUSPEND = re.compile(r"暂停|中止|extend|延长|exempt|suspend|pause|truce|停火|豁免|waive", re.IGNORECASE)
_TILL = re.compile(r"\b(?:until|till|through|to)\b|至|到")
_RULING = re.compile(r"裁定|裁决|判决|判定|\b(?:ruled|ruling|struck down|upheld)\b", re.IGNORECASE)
_FUTURE_FORCE = re.compile(r"自|起|from|on|effective", re.IGNORECASE)


def dates(sentence: Sentence, setting: Setting) -> Iterator[Found]:
    """The dates a sentence gives to instruments and rulings."""
    text = sentence.text
    taken: set[str] = set()
    days: set[str] = set()
    if not sentence.times:
        words = sentence.words
        if not ("日起" in words or "mmediate" in words or " of " in words) or not _SAME_DAY.search(words):
            return
    for clause in sentence.clauses:
        words = text[clause.start : clause.end]
        for found in (
            _forced(sentence, setting, clause, words),
            _until(sentence, setting, clause, words),
            _issued(sentence, setting, clause, words),
            _ruled(sentence, setting, clause, words),
            *happened(sentence, setting, clause, words),
        ):
            if found is None or (found.as_of in days and found.measure is None):
                continue
            if f"{found.object}{found.as_of}" not in taken:
                taken.add(f"{found.object}{found.as_of}")
                days.add(found.as_of)
                yield found


def begins(sentence: Sentence, told: list[Found], found: list[Found]) -> Iterator[Found]:
    """The day from which a ban or control holds, where the sentence that tells it says "from"."""
    known = {one.as_of for one in found if one.kind == "date"}
    for one in told:
        measure = one.measure
        if measure is None or measure.action not in ("ban", "control", "tariff", "quota") or not measure.in_force:
            continue
        when = next(
            (at for at in sentence.times if at.role in ("from", "since") and at.period == measure.in_force), None
        )
        if when is None or measure.in_force in known:
            continue
        clause = sentence.clause_at(when.start)
        start, end = trimmed(sentence.text, clause.start, clause.end, when.start, when.end)
        yield Found(
            "date",
            start,
            end,
            unit="date",
            subject=one.subject,
            object=f"{one.object} in force",
            place=one.place,
            as_of=measure.in_force,
            modality=one.modality,
            attributed_to=one.attributed_to,
            measure=measure,
        )


def _about(sentence: Sentence, setting: Setting, clause: Span) -> tuple[str, str]:
    """The instrument a clause speaks of: id and words."""
    hint = setting.topic.today.year if setting.topic.today else None
    for start, end in ((clause.start, clause.end), (sentence.start, sentence.end)):
        cited = instruments(sentence.text[start:end], hint)
        if len({one.id for one in cited}) > 1:
            return "", "Announcements " + ", ".join(str(one.number) for one in cited)
        if cited and cited[0].number:
            year = f" of {cited[0].year}" if cited[0].year else ""
            return cited[0].id, f"Announcement {cited[0].number}{year}"
    for name in sentence.named(sentence.start, sentence.end, "instrument"):
        return name.entity.id, name.entity.en
    return setting.topic.instrument, _spoken(setting.topic.instrument)


def _spoken(instrument: str) -> str:
    parts = instrument.split("-")
    if len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit():
        return f"Announcement {parts[1]} of {parts[2]}"
    return instrument


def _days(sentence: Sentence, clause: Span, roles: tuple[str, ...] | None = None) -> list[tuple[int, int, str]]:
    return [
        (one.start, one.end, one.period)
        for one in sentence.times
        if clause.start <= one.start
        and one.end <= clause.end
        and timing.day(one.period)
        and (roles is None or one.role in roles)
    ]


def _dated(
    sentence: Sentence,
    setting: Setting,
    clause: Span,
    what: str,
    on: str,
    keep: tuple[int, int],
    measure: Measure,
    unit: str = "date",
) -> Found:
    who = measure.issuer
    start, end = trimmed(sentence.text, clause.start, clause.end, *keep)
    return Found(
        "date",
        start,
        end,
        value=float(on[:4]) if unit == "year" else None,
        unit=unit,
        subject=who,
        object=what,
        place=_place(who),
        as_of=on,
        measure=measure,
        attributed_to=setting.speaker,
    )


def _forced(sentence: Sentence, setting: Setting, clause: Span, words: str) -> Found | None:
    told = _FORCE.search(words) if "force" in sentence.tags else None
    if told is None or re.search(r"暂停|中止|停止|不再|暂不|suspend|paus|\bstops?\b|no longer|ceas", words):
        return None
    instrument, name = _about(sentence, setting, clause)
    same = _SAME_DAY.search(words)
    on, keep = "", (clause.start, clause.end)
    if same:
        on = setting.topic.issued or (setting.topic.today.isoformat() if setting.topic.today else "")
    else:
        days = _days(sentence, clause)
        if days:
            on, keep = days[-1][2], (clause.start, max(days[-1][1], clause.start + told.end()))
    if not on or not (
        instrument
        or _INSTRUMENT.search(sentence.words)
        or re.search(r"类|措施|关税|管制|规则|新规|rule|tariff|control|measure", sentence.words)
    ):
        return None
    who = _who(sentence, setting, clause, instrument)
    measure = Measure(action="control", instrument=instrument, issuer=who, in_force=on)
    return _dated(sentence, setting, clause, f"{name} in force{_limb(words)}".strip(), on, keep, measure)


def _who(sentence: Sentence, setting: Setting, clause: Span, instrument: str) -> str:
    named = issuer(sentence, setting.topic, clause.end)
    return (
        named or setting.topic.issuer or issuer_of(instrument) or ("China" if _CHINESE.search(sentence.words) else "")
    )


_CHINESE = re.compile(r"controls?\b|licen[cs]|rare earth|管制|许可|稀土", re.IGNORECASE)


def _limb(words: str) -> str:
    """Which part of an instrument a date is for (前两类, 第三类)."""
    said = re.search(r"(?:前|后|第)[一二三四两]\s*[类项款条]|classes? \d(?:[-–]\d)?|phase \w+", words)
    return f" ({said[0]})" if said else ""


def _until(sentence: Sentence, setting: Setting, clause: Span, words: str) -> Found | None:
    if not _UNTIL.search(words):
        return None
    days = _days(sentence, clause)
    days = [
        one
        for one in days
        if re.search(
            r"(?:至|到|until|till|through|to|on|expires?|于|before|by)\s*(?:the\s+)?$",
            sentence.text[clause.start : one[0]],
            re.IGNORECASE,
        )
        or one is days[-1]
    ]
    marked = [
        one
        for one in sentence.times
        if (one.role == "until" or (".." in one.period and _TILL.search(sentence.text[one.start : one.end])))
        and clause.start <= one.start
        and one.end <= clause.end
        and one.period
    ]
    if marked:
        on = marked[-1].period.split("..")[-1]
        keep = (marked[-1].start, marked[-1].end)
    elif days:
        on, keep = days[-1][2], days[-1][:2]
    else:
        return None
    if timing.day(on) is None:
        return None
    if not _SUSPEND.search(sentence.words) and not _INSTRUMENT.search(sentence.words):
        return None
    instrument, name = _about(sentence, setting, clause)
    if setting.topic.instrument:
        instrument, name = setting.topic.instrument, _spoken(setting.topic.instrument)
    who = _who(sentence, setting, clause, instrument)
    begins = setting.topic.today.isoformat() if setting.topic.today and _SAME_DAY.search(sentence.words) else ""
    measure = Measure(action="suspend", instrument=instrument, issuer=who, suspended_from=begins, suspended_until=on)
    what = f"suspension end ({name})" if name else "suspension end"
    return _dated(sentence, setting, clause, what, on, (clause.start, max(keep[1], clause.start + 1)), measure)


def _issued(sentence: Sentence, setting: Setting, clause: Span, words: str) -> Found | None:
    told = _ISSUE.search(words) if "issue" in sentence.tags else None
    if told is None:
        return None
    hint = setting.topic.today.year if setting.topic.today else None
    cited = instruments(words, hint) or _plain(setting, words)
    if not cited:
        return None
    instrument = cited[0].id
    days = _days(sentence, Span(sentence.start, clause.end))
    before = [one for one in days if one[0] < clause.start + told.end()] or days
    if not before:
        return None
    on = before[0][2]
    who = _who(sentence, setting, clause, instrument)
    name = _spoken(cited[0].id) if cited[0].id else f"Announcement {cited[0].number or ''}".strip()
    if len(cited) > 1:
        name = "Announcements " + ", ".join(str(one.number) for one in cited)
    measure = Measure(action="control", instrument=cited[0].id, issuer=who, issued=on)
    keep = (before[0][0], clause.start + max(told.end(), cited[0].end))
    clause = Span(min(clause.start, sentence.clause_at(before[0][0]).start), clause.end)
    return _dated(sentence, setting, clause, f"{name} issued", on, keep, measure)


def _plain(setting: Setting, words: str) -> list[Cited]:
    """The instrument the text is about, where a clause says "the announcement" only."""
    said = re.search(r"公告|announcements?|measures|办法|条例|rules|通知", words, re.IGNORECASE)
    if said is None:
        return []
    return [Cited(said.start(), said.end(), setting.topic.instrument, 0, None)]


def _ruled(sentence: Sentence, setting: Setting, clause: Span, words: str) -> Found | None:
    told = _RULING.search(words)
    if told is None:
        return None
    when = [one for one in sentence.times if clause.start <= one.start and one.end <= clause.end and one.period]
    if not when:
        return None
    on = when[-1].period
    who = issuer(sentence, setting.topic, clause.start + told.start())
    name = "ruling against China's export restrictions" if re.search(r"China|中国", words) else "ruling"
    measure = Measure(action="ruling", issuer=who, issued=on)
    unit = "year" if len(on) == 4 else "date"
    return _dated(sentence, setting, clause, name, on, (clause.start, clause.end), measure, unit)


def _place(who: str) -> str:
    first = who.split("/")[0]
    return (
        "CN"
        if first in ("MOFCOM", "GAC", "MIIT", "China", "State Council", "WTO")
        else ("US" if first.startswith(("US", "United States", "BIS")) else "")
    )
