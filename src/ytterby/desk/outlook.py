"""Home to how the outcomes of a run are said in either language: lines, days, shares, periods and their bands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ytterby.desk import lines as named
from ytterby.desk.urls import Lang
from ytterby.figures.scales import spell
from ytterby.terms.errors import YtterbyError

if TYPE_CHECKING:
    from ytterby.desk.page import Asked
    from ytterby.findings.ground import Ground, Key
    from ytterby.project import Project

_FAMILIES = {
    "car": ("cars", "汽车"),
    "defence": ("arms", "军工"),
}
_SHORTER = {
    "wind": ("wind turbines", "风电机组"),
    "appliance": ("air conditioners, lifts", "空调与电梯"),
    "twowheel": ("e-bikes, scooters", "电动两轮车"),
    "robot.industrial": ("industrial robots", "工业机器人"),
    "robot.humanoid": ("humanoid robots", "人形机器人"),
    "electronics": ("electronics", "消费电子"),
    "tools": ("power tools, pumps", "电动工具与泵"),
    "industry": ("MRI, holding, toys", "核磁、吸持与玩具"),
    "industry.smco": ("SmCo in industry", "工业钐钴"),
    "use.ndpr": ("Nd, Pr in glass", "玻璃用钕镨"),
    "use.catalyst": ("catalysts", "催化剂"),
    "use.polishing": ("polishing", "抛光材料"),
    "use.yttrium": ("yttrium", "钇"),
}
NEVER = ("not within the run", "运行期内未发生")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def ground(project: Project, asked: Asked, name: str) -> Ground:
    """A kept run with the world it ran on and the claims behind it; made once until the project changes."""

    def made() -> Ground:
        from ytterby.findings.ground import Ground

        claims = asked.kept("claims", project.claims)
        run = project.open_run(name)
        try:
            world = project.world_of(run, claims)
        except YtterbyError:
            # What was read or laid over the world since may not build; the run still says what it found.
            world = None
        return Ground(run, tuple(claims), world, fitted=project.fit_of(run))

    return asked.kept(f"ground:{name}", made)


def product(name: str, lang: Lang) -> str:
    """A family or product in a label."""
    pair = _FAMILIES.get(name) or _SHORTER.get(name)
    return named.line({"product": name}, lang) if pair is None else pair[lang == "zh"]


def region(code: str, lang: Lang) -> str:
    """A region in a label."""
    return named.place(code, lang)


def lines(key: Key, lang: Lang) -> str:
    """The makers of a product in a country, in a label.

    >>> lines(("car", "US"), "en"), lines(("car", "US"), "zh")
    ('United States · cars', '美国 · 汽车')
    """
    return f"{region(key[1], lang)} · {product(key[0], lang)}"


def makers(key: Key, lang: Lang) -> str:
    """The same in a sentence.

    >>> makers(("car", "US"), "en"), makers(("car", "US"), "zh")
    ('car lines in the United States', '美国的汽车产线')
    """
    from ytterby.findings import wording

    if lang == "zh":
        return f"{region(key[1], lang)}的{product(key[0], lang)}产线"
    return f"{wording.lines(key[0])} in {wording.place(key[1])}"


def day(when: date, lang: Lang, beside: int | None = None) -> str:
    """A day in a sentence; the year is left out where it is the one spoken of (`beside`).

    >>> day(date(2025, 5, 14), "en"), day(date(2025, 5, 14), "zh", 2025)
    ('14 May 2025', '5月14日')
    """
    if lang == "zh":
        return f"{when.month}月{when.day}日" if when.year == beside else f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {_MONTHS[when.month - 1]}" + ("" if when.year == beside else f" {when.year}")


def told(ground: Ground, offset: float, lang: Lang, beside: int | None = None) -> str:
    """The day `offset` days after a run's start, also one that never comes."""
    import math

    return day(ground.day(offset), lang, beside) if math.isfinite(offset) else NEVER[lang == "zh"]


def period(label: str, lang: Lang) -> str:
    """A reporting period in a sentence.

    >>> period("2025-05", "en"), period("2025-05", "zh"), period("2025-Q2", "zh"), period("2030", "en")
    ('May 2025', '2025年5月', '2025年第2季度', '2030')
    """
    year, _, part = label.partition("-")
    if part.startswith("Q"):
        return f"{year}年第{part[1]}季度" if lang == "zh" else f"the {_ORDER[int(part[1]) - 1]} quarter of {year}"
    if not part:
        return f"{year}年" if lang == "zh" else year
    return f"{year}年{int(part)}月" if lang == "zh" else f"{_MONTHS[int(part) - 1]} {year}"


_ORDER = ("first", "second", "third", "fourth")


def percent(share: float, lang: Lang) -> str:
    """A share as a percentage, spaced as the language has it."""
    from ytterby.findings import wording

    return wording.percent(share, lang)


def amount(value: float) -> str:
    """A number in a sentence, a dash where there is none."""
    import math

    return spell(value) if math.isfinite(value) else "–"


def band(low: str, high: str) -> str:
    r"""The 90 % band in a note.

    >>> band("3", "9")
    '5–95\xa0%: 3 – 9'
    """
    return f"5–95\u00a0%: {low}" if low == high else f"5–95\u00a0%: {low} – {high}"


def finite(value: float) -> Any:
    """A number for a row; what never comes has none."""
    import math

    return float(value) if math.isfinite(value) else None
