"""Home to the names of what moves an outcome: inputs, numbers of the network and outcomes, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from ytterby.run.gradient.numbers import Numbers
from ytterby.world.inputs import named
from ytterby.world.network import Network

Both = dict[str, str]
"""Language (``en``, ``zh``) -> words."""

FAMILIES = MappingProxyType(
    {
        "capacity": ("capacity", "产能"),
        "mine": ("mine output", "矿山产量"),
        "recipe": ("recipe", "工艺参数"),
        "demand": ("demand", "需求"),
        "use": ("use", "用量"),
        "share": ("share", "份额"),
        "trade": ("trade", "贸易"),
        "price": ("price", "价格"),
        "path": ("demand path", "需求路径"),
        "event": ("event", "事件"),
        "assume": ("assumed", "假设"),
        "behaviour": ("behaviour", "行为"),
        "licensing": ("licensing", "许可"),
        "content": ("content", "含量"),
        "pool": ("stocks of makers", "厂商库存"),
    }
)
"""First part of a parameter's name."""

NUMBERS = MappingProxyType(
    {
        "capacity": ("capacity: {what}", "产能：{what}"),
        "lead": ("transit {what}", "运输 {what}"),
        "cover": ("target stock: {what}", "目标库存：{what}"),
        "yield": ("yield: {what}", "收率：{what}"),
        "demand": ("demand: {what}", "需求：{what}"),
        "pace": ("pace of review: {what}", "审查速度：{what}"),
    }
)
METRICS = MappingProxyType(
    {
        "line-stop": ("the first line stop", "首次停线日"),
        "shortfall": ("the shortfall", "短缺比例"),
        "exports": ("exports", "出口量"),
        "price": ("the price", "价格"),
        "self-sufficiency": ("self-sufficiency", "自给率"),
    }
)
TRACE = 1e-9


def both(pair: tuple[str, str], **fields: Any) -> Both:
    """Words in both languages with their fields filled in."""
    return {lang: text.format(**fields) for lang, text in zip(("en", "zh"), pair, strict=True)}


def parameter(name: str, subjects: Iterable[str] = (), network: Network | None = None) -> Both:
    """An input in words: its own name, else its plant in `network`, else what its claims are about, heaviest first."""
    known = named(name)
    if known is not None:
        return {"en": known.en, "zh": known.zh}
    kind, _, rest = name.partition(":")
    en, zh = FAMILIES.get(kind, (kind, kind))
    plant = next((names for place, *names in _plants(network) if place == rest), None) if network is not None else None
    if plant is not None and plant[0]:
        return {"en": f"{en}: {plant[0]}", "zh": f"{zh}：{plant[1] or plant[0]}"}
    words = next((s for s in subjects if s), "") or rest.split(",")[0].replace("_", " ").replace(":", " ")
    return {"en": f"{en}: {words}", "zh": f"{zh}：{words}"}


def number(kind: str, label: str, network: Network) -> Both:
    """A number of the network in words, plants by their names."""
    plants = {i: (en or i, zh or en or i) for i, en, zh in _plants(network)}
    if kind == "pace":
        return dict(zip(("en", "zh"), (f.format(what=w) for f, w in zip(NUMBERS[kind], _place(label), strict=True)),
                        strict=True))  # fmt: skip
    if kind == "yield":
        recipe, _, plant = label.partition("@")
        label = f"{plant}:{recipe}"
    told = {}
    for position, (lang, text) in enumerate(zip(("en", "zh"), NUMBERS[kind], strict=True)):
        head, _, material = label.partition(":")
        ends = [plants.get(one, (one, one))[position] for one in head.split(">")]
        colon = "：" if lang == "zh" else ": "
        told[lang] = text.format(what=" → ".join(ends) + (f"{colon}{material}" if material else ""))
    return told


def _place(code: str) -> tuple[str, str]:
    from ytterby.terms.errors import YtterbyError
    from ytterby.terms.places import place

    try:
        found = place(code)
    except YtterbyError:
        return code, code
    return found.en, found.zh


def _plants(network: Network) -> Iterable[tuple[str, str, str]]:
    return zip(network.facilities, network.facility_name, network.facility_name_zh, strict=True)


def largest(found: Iterable[Numbers], network: Network, most: int, floor: float = 0.0) -> list[dict[str, Any]]:
    """The numbers an outcome owes most to, per +10 %, largest first, as plain rows; none of a slope up to `floor`."""
    rows = [
        (abs(float(slope)), one.kind, one.labels[k], float(slope), float(one.value[k]), one.unit, float(one.spread[k]))
        for one in found
        for k, slope in enumerate(one.by_factor)
    ]
    rows.sort(key=lambda row: (-row[0], row[1], row[2]))
    # what rounding leaves of nothing is nothing
    least = max(TRACE * rows[0][0], floor) if rows else 0.0
    return [
        {
            "kind": kind,
            "label": label,
            "name": number(kind, label, network),
            "value": value,
            "unit": unit,
            "per_tenth": 0.1 * slope,
            "per_sigma": None if spread != spread else slope * spread,
        }
        for size, kind, label, slope, value, unit, spread in rows[:most]
        if size > least
    ]


def sources(claims: Mapping[str, Mapping[str, Any]], pairs: Iterable[tuple[str, float]]) -> list[str]:
    """Subjects of the claims of an input, heaviest first."""
    ranked = sorted(pairs, key=lambda pair: -pair[1])
    return [str(claims[key].get("subject") or claims[key].get("object") or "") for key, _ in ranked if key in claims]
