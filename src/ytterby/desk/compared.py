"""Home to two runs side by side, in words: what moved, by how much, whether it is more than chance, and what they were
told differently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.desk import outlook, planned

if TYPE_CHECKING:
    from ytterby.desk.page import Asked
    from ytterby.desk.urls import Lang
    from ytterby.findings.differences import Difference
    from ytterby.findings.ground import Ground
    from ytterby.project import Project

WORDS = {
    "slow_earlier": ("{what} slow {n} days earlier, on {day}", "{what}提前 {n} 天放缓，即{day}"),
    "slow_later": ("{what} slow {n} days later, on {day}", "{what}推迟 {n} 天放缓，即{day}"),
    "slow_now": ("{what} now slow in most draws, first on {day}", "{what}如今在多数抽样中放缓，最早{day}"),
    "slow_no_more": ("{what} no longer slow in most draws", "{what}在多数抽样中不再放缓"),
    "days_more": ("{what} run slow {n} days longer", "{what}放缓延长 {n} 天"),
    "days_fewer": ("{what} run slow {n} days less", "{what}放缓缩短 {n} 天"),
    "missed_more": (
        "{what} go without {n} percentage points more of what is wanted",
        "{what}的缺口扩大 {n} 个百分点",
    ),
    "missed_less": ("{what} go without {n} percentage points less of what is wanted", "{what}的缺口缩小 {n} 个百分点"),
    "exports_higher": ("magnet exports in {what} are {n} t higher", "{what}磁体出口高 {n} 吨"),
    "exports_lower": ("magnet exports in {what} are {n} t lower", "{what}磁体出口低 {n} 吨"),
    "price_higher": ("{what} costs {n} USD/kg more on average", "{what}均价高 {n} 美元/公斤"),
    "price_lower": ("{what} costs {n} USD/kg less on average", "{what}均价低 {n} 美元/公斤"),
    "oxide_home": ("{element} oxide in China", "国内 {element} 氧化物"),
    "oxide_abroad": ("{element} oxide outside China", "境外 {element} 氧化物"),
    "unit_t": ("t", "吨"),
    "unit_price": ("USD/kg", "美元/公斤"),
    "unit_points": ("percentage points", "个百分点"),
    "unit_days": ("days", "天"),
    "stands_out": ("stands out from chance", "超出偶然"),
    "chance": ("within chance", "未超出偶然"),
    "moved_band": ("90 % of draws: {low} to {high} {unit}", "90% 的抽样：{low} 至 {high} {unit}"),
    "moved_error": ("90 % band of the difference: {low} to {high} {unit}", "差值的 90% 区间：{low} 至 {high} {unit}"),
}
MOST = 4


@dataclass(frozen=True)
class Compared:
    """The differences of two runs by what they are about."""

    lines: list[Difference]
    exports: list[Difference]
    prices: list[Difference]
    paired: bool

    @property
    def every(self) -> list[Difference]:
        """All of them."""
        return [*self.lines, *self.exports, *self.prices]


def compared(project: Project, asked: Asked, before: str, after: str) -> Compared:
    """The differences of two kept runs; made once until the project changes."""

    def made() -> Compared:
        from ytterby.findings import differences

        one, other = (outlook.ground(project, asked, name) for name in (before, after))
        return Compared(
            differences.lines(one, other),
            differences.exports(one, other),
            differences.prices(one, other),
            differences.paired(one, other),
        )

    return asked.kept(f"compared:{before}:{after}", made)


def told(found: Compared) -> list[Difference]:
    """What is worth a sentence, the weightiest of each kind; only what stands out from chance."""
    sure = [one for one in found.every if one.stands_out]
    slow = [one for one in sure if one.what == "first_slow" and one.key[0] != "defence" and _moved(one)]
    missed = [one for one in sure if one.what == "missed"]
    exports = [one for one in sure if one.what == "exports"]
    prices = [one for one in sure if one.what == "price"]
    slow.sort(key=lambda one: (_flips(one), -abs(_days(one)), -abs(one.mean), one.key))
    missed.sort(key=lambda one: (-abs(one.mean), one.key))
    exports.sort(key=lambda one: -abs(one.mean))
    prices.sort(key=lambda one: -abs(one.mean) / max(abs(one.before["median"]), 1e-9))
    return [*slow[:MOST], *exports[:2], *missed[:2], *prices[:2]]


def _days(one: Difference) -> float:
    return 0.0 if _flips(one) else one.after["median"] - one.before["median"]


def _flips(one: Difference) -> bool:
    """Whether the median comes or goes: told after days that can be counted."""
    return not (np.isfinite(one.after["median"]) and np.isfinite(one.before["median"]))


def _moved(one: Difference) -> bool:
    ends = (one.before["median"], one.after["median"])
    return any(np.isfinite(end) for end in ends) and ends[0] != ends[1]


def sentence(asked: Asked, ground: Ground, one: Difference) -> str:
    """A difference in words, after against before; `ground` is that of the run after."""
    lang, mean = asked.lang, one.mean
    if one.what == "exports":
        return asked.say(
            _way("exports", mean, "higher", "lower"), what=outlook.period(one.key[1], lang), n=_amount(one)
        )
    if one.what == "price":
        place = "oxide_home" if one.key[1] == "CN" else "oxide_abroad"
        what = asked.say(place, element=one.key[0])
        return asked.say(_way("price", mean, "higher", "lower"), what=what, n=_amount(one))
    what = outlook.makers(one.key, lang)
    if one.what == "days_slow":
        return asked.say(_way("days", mean, "more", "fewer"), what=what, n=_amount(one))
    if one.what == "missed":
        return asked.say(_way("missed", mean, "more", "less"), what=what, n=outlook.amount(abs(100.0 * mean)))
    day = outlook.told(ground, one.after["median"], lang)
    if not np.isfinite(one.after["median"]):
        return asked.say("slow_no_more", what=what)
    if not np.isfinite(one.before["median"]):
        return asked.say("slow_now", what=what, day=day)
    days = one.after["median"] - one.before["median"]
    return asked.say(_way("slow", days, "later", "earlier"), what=what, n=outlook.amount(abs(days)), day=day)


def _way(key: str, value: float, up: str, down: str) -> str:
    return f"{key}_{up if value > 0 else down}"


def _amount(one: Difference) -> str:
    return outlook.amount(abs(one.mean))


def spread(asked: Asked, one: Difference) -> str:
    """The band of a difference, in its unit."""
    factor = 100.0 if one.what == "missed" else 1.0
    low, high = (outlook.amount(factor * one.moved[q]) for q in ("p05", "p95"))
    unit = asked.say({"exports": "unit_t", "price": "unit_price", "missed": "unit_points"}.get(one.what, "unit_days"))
    return asked.say("moved_band" if one.paired else "moved_error", low=low, high=high, unit=unit)


def row(one: Difference) -> dict[str, Any]:
    """A difference as a plain row."""
    names = {"exports": ("destination", "period"), "price": ("material", "zone")}.get(one.what, ("product", "region"))
    unit = {"exports": "t", "price": "USD/kg", "missed": "share"}.get(one.what, "day")
    return {
        "what": one.what,
        **dict(zip(names, one.key, strict=True)),
        **{f"before_{q}": outlook.finite(one.before[q]) for q in ("p05", "median", "p95")},
        **{f"after_{q}": outlook.finite(one.after[q]) for q in ("p05", "median", "p95")},
        **{f"moved_{q}": outlook.finite(one.moved[q]) for q in ("p05", "median", "p95")},
        "mean": one.mean,
        "error": outlook.finite(one.error),
        "unit": unit,
        "unit_t": ("t", "吨"),
        "unit_price": ("USD/kg", "美元/公斤"),
        "unit_points": ("percentage points", "个百分点"),
        "unit_days": ("days", "天"),
        "stands_out": one.stands_out,
    }


# what they were told


def parted(before: Mapping[str, Any], after: Mapping[str, Any], lang: Lang) -> list[tuple[str, str, str]]:
    """What two scenarios, as their runs keep them, do not say alike: what it is, before, after."""
    found: list[tuple[str, str, str]] = []
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old == new or key in ("title", "question", "answers", "report", "targets", "extends", "without"):
            continue
        if key in ("events", "levers"):
            found += _events(key, old or [], new or [], lang)
        elif key == "licensing":
            names = dict.fromkeys((*(old or {}), *(new or {})))
            pairs = ((name, (old or {}).get(name), (new or {}).get(name)) for name in names)
            found += [
                (planned.input_name(f"licensing:{name}", lang), shown(was), shown(now))
                for name, was, now in pairs
                if was != now
            ]
        else:
            found.append((key, shown(old), shown(new)))
    return found


def _events(key: str, old: list[Any], new: list[Any], lang: Lang) -> list[tuple[str, str, str]]:
    was, now = ({one["name"]: one for one in events} for events in (old, new))
    return [
        (
            f"{key}: {planned.named_event(now.get(name) or was[name], lang)}",
            _event(was.get(name)),
            _event(now.get(name)),
        )
        for name in dict.fromkeys((*was, *now))
        if was.get(name) != now.get(name)
    ]


def _event(one: Mapping[str, Any] | None) -> str:
    if one is None:
        return "–"
    days = " – ".join(str(day) for day in (one["date"], one.get("until")) if day)
    return f"{days}: {shown(one['value'])}"


def shown(value: Any) -> str:
    """A setting of a scenario or a run in a cell."""
    if isinstance(value, Mapping) and "median" in value:
        ends = (value["low"], value["median"], value["high"])
        return outlook.amount(ends[1]) if ends[0] == ends[2] else f"{ends[1]:.4g} ({ends[0]:.4g} – {ends[2]:.4g})"
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {shown(one)}" for name, one in value.items()) or "–"
    if isinstance(value, list):
        return "; ".join(shown(one) for one in value) or "–"
    return "–" if value is None else str(value)
