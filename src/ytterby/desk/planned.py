"""Home to how a scenario is said on a page: its events and levers in words, its uncertain numbers with their units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ytterby.desk import lines
from ytterby.figures.scales import spell

if TYPE_CHECKING:
    from ytterby.desk.urls import Lang
    from ytterby.world.scenarios import Event, Scenario
    from ytterby.world.spreads import Spread

KINDS: dict[str, tuple[str, str]] = {
    "throughput": ("pace of decisions", "审结速度"),
    "review_speed": ("pace of review", "审查速度"),
    "grant": ("share granted", "批准率"),
    "general_licence": ("general licences", "通用许可"),
    "supply_loss": ("loss of supply", "供应中断"),
    "border": ("border", "边境"),
    "refuse_destination": ("destination refused", "禁止目的地"),
    "price_floor": ("price floor", "价格下限"),
    "tech_control": ("control of technology", "技术管制"),
    "demand": ("demand", "需求"),
    "stockpile_buy": ("stockpile", "储备收购"),
    "stockpile_release": ("release of a stockpile", "储备投放"),
    "requisition": ("military orders first", "军用优先"),
    "facility_start": ("start of a plant", "工厂投产"),
    "reroute": ("other route", "改道运输"),
    "air_freight": ("air freight", "空运"),
    "buyer_ban": ("buyers' ban", "禁止采购"),
    "investment": ("investment", "投资"),
    "offtake": ("purchase promises", "采购承诺"),
}
"""Kinds of events in English and Chinese."""
_UNITS = {
    "day": ("days", "天"),
    "year": ("years", "年"),
    "t/day": ("t a day", "吨/天"),
    "1/day": ("a day", "每天"),
    "1/√year": ("per √year", "每√年"),
    "factor": ("times", "倍"),
    "share": ("share", "比例"),
    "USD": ("USD", "美元"),
    "USD/kg": ("USD/kg", "美元/公斤"),
    "kg": ("kg", "公斤"),
}
_PATHS = {"units_per_year": ("a year", "每年"), "fleet": ("in use", "保有量"), "factor": ("times", "倍")}


def unit(name: str, lang: Lang) -> str:
    """A unit as a reader says it."""
    pair = _UNITS.get(name)
    return name if pair is None else pair[lang == "zh"]


def kind(event: Event, lang: Lang) -> str:
    """What kind of event it is."""
    return KINDS.get(event.kind, (event.kind, event.kind))[lang == "zh"]


def about(event: Event, lang: Lang) -> str:
    """What it touches: plant, product, material, region, use."""
    parts = (
        event.facility.replace("_", " "),
        _product(event.product, lang),
        event.material,
        lines.place(event.region, lang) if event.region else "",
        {"civil": ("civil", "民用"), "military": ("military", "军用")}.get(event.end_use, ("", ""))[lang == "zh"],
    )
    return " · ".join(part for part in parts if part)


def _product(name: str, lang: Lang) -> str:
    return lines.line({"product": name}, lang) if name else ""


def label(event: Event, lang: Lang) -> str:
    """An event in a figure.

    In English by its name, which says it; in Chinese by its kind and what it touches.
    """
    if lang == "en":
        words = event.name.removesuffix(f"-{(event.region or '').lower()}").replace("-", " ")
        words = words[:1].upper() + words[1:]
        return f"{words} · {lines.place(event.region, lang)}" if event.region else words
    touched = about(event, lang)
    return f"{kind(event, lang)}（{touched}）" if touched else kind(event, lang)


def named_event(raw: Mapping[str, Any], lang: Lang) -> str:
    """The same, of an event as a run's record keeps it."""
    from ytterby.world.scenarios import Event

    return label(Event.model_validate(raw), lang)


def spread(value: Spread) -> str:
    """A number with its ends: ``60 (25 – 95)``."""
    median, low, high = (spell(one, 1.0 if abs(one) >= 1e9 else None) for one in (value.median, value.low, value.high))
    return median if value.low == value.high else f"{median} ({low} – {high})"


def input_name(name: str, lang: Lang) -> str:
    """A number of a scenario by the name its draws hang on."""
    from ytterby.world.inputs import named

    known = named(name)
    if known is not None:
        return known.zh if lang == "zh" else known.en
    head, _, rest = name.partition(":")
    if head == "event":
        return f"事件 {rest}" if lang == "zh" else rest.replace("-", " ")
    if head == "demand":
        product, place, year = (*rest.split(":"), "", "")[:3]
        told = " · ".join(
            p for p in (_product(product, lang), "" if place == "all" else lines.place(place, lang), year) if p
        )
        return f"需求：{told}" if lang == "zh" else f"demand: {told}"
    return name


def input_unit(name: str, plan: Scenario, lang: Lang) -> str:
    """Its unit."""
    from ytterby.world.inputs import named
    from ytterby.world.scenarios import unit_of

    known = named(name)
    if known is not None:
        return unit("share" if known.share else known.unit or "factor", lang)
    head, _, rest = name.partition(":")
    if head == "licensing":
        return unit("factor", lang)
    if head == "event":
        event = next((one for one in plan.events if one.name == rest), None)
        return unit(unit_of(event) or "–", lang) if event is not None else ""
    if head == "demand":
        path = next((one for one in plan.demand if rest.startswith(f"{one.product}:")), None)
        if rest.endswith("kg_per_unit"):
            return unit("kg", lang)
        return _PATHS[path.kind][lang == "zh"] if path is not None else ""
    return ""
