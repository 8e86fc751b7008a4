"""Home to telling what was decided: a policy measure as one sentence, from its instrument, issuer, items and days."""

from __future__ import annotations

from ytterby.evidence.briefs import called
from ytterby.evidence.briefs.wording import Tongue, when
from ytterby.evidence.claims import Claim, Measure
from ytterby.evidence.names import entity
from ytterby.terms.errors import InputError

_DONE: dict[str, tuple[str, str]] = {
    "control": ("对{items}实施出口管制", "put {items} under export control"),
    "ban": ("禁止{items}出口", "banned exports of {items}"),
    "suspend": ("暂停实施{items}", "suspended {items}"),
    "resume": ("恢复实施{items}", "put {items} back in force"),
    "extend": ("延长{items}", "extended {items}"),
    "lift": ("取消{items}", "lifted {items}"),
    "relax": ("放宽对{items}的管制", "eased controls on {items}"),
    "tighten": ("收紧对{items}的管制", "tightened controls on {items}"),
}
"""Actions with wording; the others are quoted in the original."""


def decided(claim: Claim, lang: Tongue) -> str | None:
    """A measure as a sentence without its full stop; None where its parts have no name in `lang`.

    Only what a known instrument did is told: a measure that is planned, foretold or claimed is quoted instead.
    """
    measure = claim.measure
    if (
        claim.kind != "measure"
        or measure is None
        or measure.thresholds
        or claim.modality not in ("asserted", "reported")
    ):
        return None
    form = _DONE.get(measure.action)
    who = called.actor(measure.issuer or claim.subject, lang)
    items = _items(measure, lang)
    by = _name(measure.instrument, lang) if measure.instrument else None
    if form is None or who is None or items is None or by is None or claim.attributed_to or measure.destinations:
        return None
    said = form[lang == "en"].format(items=items)
    if lang == "zh":
        return f"{who}以{by}{said}{_until(measure, lang)}"
    return f"{who[:1].upper()}{who[1:]} {said} by {by}{_until(measure, lang)}"


def _items(measure: Measure, lang: Tongue) -> str | None:
    """What is acted on, all of it, each called by its name."""
    wanted = measure.supersedes if measure.action in ("suspend", "resume", "extend", "lift") else measure.items
    names = [_name(item, lang) for item in wanted or measure.items]
    known = [name for name in names if name]
    if not known or len(known) != len(names) or len(known) > 12:
        return None
    if lang == "zh":
        return "、".join(known)
    return known[0] if len(known) == 1 else f"{', '.join(known[:-1])} and {known[-1]}"


def _name(item: str, lang: Tongue) -> str | None:
    try:
        one = entity(item)
    except InputError:
        return _element(item, lang) or called.actor(item, lang)
    return one.zh if lang == "zh" else one.en


def _element(symbol: str, lang: Tongue) -> str | None:
    from ytterby.terms.elements import RECORDS

    record = RECORDS.get(symbol)
    return None if record is None else record.zh if lang == "zh" else record.en


def _day(label: str, lang: Tongue) -> str:
    return (when(label, lang) or "") if label else ""


def _until(measure: Measure, lang: Tongue) -> str:
    until, force = _day(measure.suspended_until, lang), _day(measure.in_force, lang)
    if until:
        return f"，至{until}" if lang == "zh" else f" until {until}"
    if force:
        return f"，自{force}起施行" if lang == "zh" else f", in force from {force}"
    return ""
