"""Home to telling: a claim as one sentence of the brief's language, built from its fields, not translated.

Every sentence has a subject, a figure with unit and comparator, its period and basis where stated, how it is meant
(foretold, planned, claimed) and who says so. A claim whose fields have no wording in the language is not told.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ytterby.evidence.briefs import called
from ytterby.evidence.briefs.wording import Tongue, figure, when
from ytterby.evidence.claims import Claim
from ytterby.terms.text import fold

_BASES: dict[str, tuple[str, str]] = {
    "on the month before": ("环比", "on the month before"),
    "on the quarter before": ("环比", "on the quarter before"),
    "on the year before": ("同比", "on the year before"),
}
TIMED = frozenset(("trade_volume", "trade_change", "price", "price_change", "production", "quota"))
"""Kinds that say nothing without their time."""

_FIRST = re.compile(r"largest|biggest|greatest|number one|最大|最多|第一|首位|居首", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """The parts of a sentence: what it is about, its verb by how it is meant, its figure."""

    topic: str
    verb: tuple[str, str, str]
    """Asserted, foretold, aimed at."""
    figure: str
    timed: bool = True
    """False where the period must not be said again."""


Time = Literal["full", "short", "none"]
"""How the time is said: with its year, without it, not at all."""


def tell(claim: Claim, lang: Tongue, *, period: Time = "full") -> str | None:
    """The claim as a sentence without its full stop; None where it cannot be told in `lang`.

    Args:
        claim: a claim read from a document.
        lang: ``zh`` or ``en``.
        period: how to say the time: the cited passages need not name the year, or any time.
    """
    if claim.kind == "measure" or claim.measure is not None:
        from ytterby.evidence.briefs.measures import decided

        return decided(claim, lang)
    form = _rank if claim.unit == "rank" else _FORMS.get(claim.kind)
    if claim.unit.startswith("direction:"):
        form = _direction
    said = form(claim, lang) if form is not None else None
    if said is None or (
        claim.kind in TIMED and not (period != "none" and _spans(claim.period or claim.as_of or claim.by, claim))
    ):
        return None
    time = _time(claim, lang, year=period == "full") if period != "none" and said.timed else ""
    if time is None:
        return None
    return _chinese(claim, said, time) if lang == "zh" else _english(claim, said, time)


def _spans(label: str, claim: Claim) -> bool:
    """Whether a time may be that of an amount: what is shipped or made in a day is a misread day of publication."""
    return bool(label) and (claim.kind == "price" or ".." in label or label.count("-") < 2)


def _time(claim: Claim, lang: Tongue, *, year: bool) -> str | None:
    """The time a claim is about; empty for none, None where it has no wording."""
    if claim.by:
        said = when(claim.by, lang, year=year)
        return None if said is None else (f"到{said}，" if lang == "zh" else f" by {said}")
    label = claim.period or claim.as_of
    if not label:
        return ""
    said = when(label, lang, year=year)
    if said is None:
        return None
    if lang == "zh":
        return f"{said}，"
    return f" on {said}" if label.count("-") == 2 and ".." not in label else f" in {said}"


def _chinese(claim: Claim, said: Said, time: str) -> str | None:
    verb = said.verb[_mood(claim)]
    if claim.comparator != "=" and said.figure and claim.kind not in ("trade_change", "price_change"):
        verb = verb.removesuffix("为")
    body = f"{time}{said.topic}{verb}{said.figure}"
    if claim.attributed_to:
        who = called.actor(claim.attributed_to, "zh")
        if who is None:
            return None
        own = claim.modality == "claimed" or claim.attributed_to == claim.subject
        return f"{who}称，{body}" if own else f"据{who}，{body}"
    if claim.modality == "claimed":
        return f"据称，{body}"
    return f"据报道，{body}" if claim.modality == "reported" else body


def _english(claim: Claim, said: Said, time: str) -> str | None:
    verb = said.verb[_mood(claim)]
    body = " ".join(part for part in (said.topic, verb, said.figure) if part) + time
    who = called.actor(claim.attributed_to, "en")
    if claim.attributed_to and who is None:
        return None
    if claim.modality == "claimed":
        return f"{who} claims that {body}" if who else f"Reportedly, {body}"
    if who and claim.attributed_to == claim.subject:
        return f"{who} says that {body}"
    if who:
        return f"According to {who}, {body}"
    body = body[:1].upper() + body[1:]
    return (
        f"Reportedly, {body[:1].lower() + body[1:] if body[1:2].islower() else body}"
        if claim.modality == "reported"
        else body
    )


def _mood(claim: Claim) -> int:
    if claim.modality == "forecast" or (claim.kind == "forecast" and claim.modality != "target"):
        return 1
    return 2 if claim.modality == "target" else 0


def _trade(claim: Claim, lang: Tongue) -> str | None:
    """Whose exports or imports of what to or from where."""
    good, home, away = called.goods(claim, lang), called.place(claim.place, lang), called.place(claim.counterpart, lang)
    flow = called.noun(claim, "en")
    if good is None or flow not in ("exports", "imports"):
        return None
    if lang == "zh":
        toward = "" if not away else (f"对{away}" if flow == "exports" else f"自{away}")
        return f"{home or ''}{toward}{'的' if home or away else ''}{good}{'出口' if flow == 'exports' else '进口'}"
    toward = "" if not away else (f" to {away}" if flow == "exports" else f" from {away}")
    return (f"{_owner(home)} {flow}" if home else flow) + f" of {good}{toward}"


def _owner(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _topic(claim: Claim, lang: Tongue) -> str | None:
    """Whose output, capacity, reserves, demand … of what."""
    good, about = called.goods(claim, lang), called.noun(claim, lang)
    if about is None or good is None:
        return None
    who = None if claim.subject in ("market", "world", "World") else called.actor(claim.subject, lang)
    if claim.subject not in ("", "market", "world", "World") and who is None:
        return None
    if lang == "zh":
        return f"{who}的{good}{about}" if who else f"{'全球' if claim.place == 'WLD' else ''}{good}{about}"
    return f"{_owner(who)} {good} {about}" if who else f"{'global ' if claim.place == 'WLD' else ''}{good} {about}"


def _plain_verbs(lang: Tongue, *, plural: bool = False) -> tuple[str, str, str]:
    if lang == "zh":
        return ("为", "预计为", "目标为")
    be = "are" if plural else "is"
    return ("came to", f"{be} expected to come to", f"{be} planned to reach")


def _level(claim: Claim, lang: Tongue) -> Said | None:
    made_a_year = claim.kind == "production" and claim.unit.endswith("/yr") and claim.modality == "asserted"
    if called.noun(claim, "en") != called.BY_KIND_EN[claim.kind] or made_a_year:
        return None
    topic, stated = _topic(claim, lang), figure(claim, lang)
    if topic is None or stated is None:
        return None
    if lang == "en" and claim.kind in ("capacity", "reserve"):
        be = "are" if claim.kind == "reserve" else "is"
        return Said(topic, (be, f"{be} expected to be", f"{be} planned to be"), stated)
    return Said(topic, _plain_verbs(lang), stated)


def _volume(claim: Claim, lang: Tongue) -> Said | None:
    topic, stated = _trade(claim, lang), figure(claim, lang)
    if topic is None or stated is None:
        return None
    return Said(topic + "量" if lang == "zh" else topic, _plain_verbs(lang, plural=True), stated)


def _change(claim: Claim, lang: Tongue) -> Said | None:
    topic = _trade(claim, lang) if claim.kind == "trade_change" else None
    topic = topic or _topic(claim, lang)
    if topic is None or claim.unit not in ("%", "pp", "t") or not claim.value or not (claim.basis or claim.against):
        return None
    stated = figure(claim, lang, abs(claim.value))
    if stated is None:
        return None
    fell = claim.value < 0
    base = _BASES.get(claim.basis)
    if base is None and not claim.against:
        return None
    against = when(claim.against, lang) if claim.against and base is None else None
    if lang == "zh":
        against = base[0] if base else f"较{against}" if against else ""
        move = "下降" if fell else "上升"
        return Said(topic, (f"{against}{move}", f"预计{against}{move}", f"目标是{against}{move}"), stated)
    tail = f" {base[1]}" if base else f" against {against}" if against else ""
    verbs = ("fell", "fall") if fell else ("rose", "rise")
    be = "are" if "exports of" in topic or "imports of" in topic else "is"
    return Said(topic, (verbs[0], f"{be} expected to {verbs[1]}", f"{be} planned to {verbs[1]}"), stated + tail)


def _share(claim: Claim, lang: Tongue) -> Said | None:
    who, good, stated = called.actor(claim.subject, lang), called.goods(claim, lang), figure(claim, lang)
    if who is None or good is None or stated is None:
        return None
    about = called.noun(claim, lang, quote=True)
    if called.noun(claim, "en", quote=True) == "self-sufficiency":
        topic = _topic(claim, lang)
        verbs = ("为", "预计为", "目标为") if lang == "zh" else ("is", "is expected to be", "is planned to be")
        return None if topic is None else Said(topic, verbs, stated)
    stage = _stage(claim, lang) if about is None else None
    if lang == "zh":
        what = f"{good}{about or ''}" + (f"（{stage}）" if stage else "")
        where = "全球" if claim.place in ("", "WLD") else called.place(claim.place, "zh") or ""
        return Said(f"{who}在{where}{what}中的占比", ("为", "预计为", "目标为"), stated)
    what = f"{good} {about}" if about else good + (f" ({stage})" if stage else "")
    where = "world" if claim.place in ("", "WLD") else called.place(claim.place, "en") or ""
    return Said(f"{_owner(who)} share of {where} {what}", ("is", "is expected to be", "is planned to be"), stated)


def _stage(claim: Claim, lang: Tongue) -> str | None:
    if not claim.stage:
        return None
    from ytterby.terms.errors import InputError
    from ytterby.terms.stages import stage

    try:
        found = stage(claim.stage)
    except InputError:
        return None
    return found.zh if lang == "zh" else found.en


def _dependency(claim: Claim, lang: Tongue) -> Said | None:
    who, good, stated = called.actor(claim.subject, lang), called.goods(claim, lang), figure(claim, lang)
    away = called.place(claim.counterpart, lang)
    if who is None or good is None or stated is None or away is None:
        return None
    if lang == "zh":
        return Said(f"{who}所用{good}对{away}的依赖度", ("为", "预计为", "目标为"), stated)
    topic = f"{_owner(who)} dependence on {away} for {good}"
    return Said(topic, ("is", "is expected to be", "is planned to be"), stated)


def _intensity(claim: Claim, lang: Tongue) -> Said | None:
    who, good = called.actor(claim.subject, lang), called.longest(claim.object, frozenset(("material",)))
    stated = figure(claim, lang)
    if who is None or good is None or stated is None or not claim.unit.endswith("/unit"):
        return None
    if lang == "zh":
        return Said(f"单台{who}的{good.zh}用量", ("为", "预计为", "目标为"), stated)
    one = who[:-1] if who.endswith("s") and not who.endswith("ss") else who
    return Said(f"the {good.en} in one {one}", ("weigh", "are expected to weigh", "are planned to weigh"), stated)


def _quota(claim: Claim, lang: Tongue) -> Said | None:
    good, stated, stage = called.goods(claim, lang), figure(claim, lang), _stage(claim, lang)
    if good is None or stated is None:
        return None
    if lang == "zh":
        return Said(f"{good}{stage or ''}总量指标", ("为", "预计为", "目标为"), stated)
    topic = f"the quota for {good}" + (f" ({stage})" if stage else "")
    return Said(topic, ("is", "is expected to be", "is planned to be"), stated)


def _rank(claim: Claim, lang: Tongue) -> Said | None:
    who, good, about = called.actor(claim.subject, lang), called.goods(claim, lang), called.noun(claim, lang)
    if who is None or good is None or about is None or claim.value != 1 or not _FIRST.search(fold(claim.quote)):
        # Other ranks are as often of something else (the third month, the top three buyers) as of the subject.
        return None
    if lang == "zh":
        return Said(f"{who}的{good}{about}", ("居全球", "预计居全球", "目标是居全球"), "第一")
    return Said(
        f"{_owner(who)} {good} {about}",
        ("rank", "are expected to rank", "are planned to rank"),
        "first in the world",
    )


def _direction(claim: Claim, lang: Tongue) -> Said | None:
    topic = _trade(claim, lang) or _topic(claim, lang)
    if topic is None:
        return None
    fell = claim.unit.endswith("down")
    if lang == "zh":
        move = "下降" if fell else "上升"
        return Said(topic, (move, f"预计{move}", f"目标是{move}"), "")
    move = "fall" if fell else "rise"
    be = "are" if "exports of" in topic or "imports of" in topic else "is"
    return Said(topic, ("fell" if fell else "rose", f"{be} expected to {move}", f"{be} planned to {move}"), "")


def _forecast(claim: Claim, lang: Tongue) -> Said | None:
    topic = _topic(claim, lang)
    if topic is None:
        return None
    if claim.unit == "x" and claim.value == 2:
        if lang == "zh":
            return Said(topic, ("翻一番", "预计翻一番", "目标是翻一番"), "")
        return Said(topic, ("doubled", "is expected to double", "is planned to double"), "")
    stated = figure(claim, lang)
    return None if stated is None or claim.unit in ("x", "year") else Said(topic, _plain_verbs(lang), stated)


_FORMS: dict[str, Callable[[Claim, Tongue], Said | None]] = {
    "share": _share,
    "production": _level,
    "capacity": _level,
    "reserve": _level,
    "demand": _level,
    "price": _level,
    "trade_volume": _volume,
    "trade_change": _change,
    "price_change": _change,
    "dependency": _dependency,
    "intensity": _intensity,
    "quota": _quota,
    "forecast": _forecast,
}
