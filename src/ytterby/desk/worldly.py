"""Home to what things of the world are called on a page and where their names lead: countries, plants, materials."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from ytterby.desk import figured
from ytterby.desk.blocks import Inline, Link
from ytterby.figures.words import percent
from ytterby.terms.elements import RECORDS
from ytterby.terms.errors import BadValue, YtterbyError

if TYPE_CHECKING:
    from ytterby.desk.page import Asked
    from ytterby.desk.urls import Lang
    from ytterby.project import Project
    from ytterby.world.atlas import Atlas

STAGES: dict[str, tuple[str, str]] = {
    "mine": ("Mining", "采矿"),
    "recycling": ("Recycling", "回收"),
    "separation": ("Separation", "分离"),
    "metal": ("Metal", "金属"),
    "alloy": ("Alloy", "合金"),
    "magnet": ("Magnets", "磁体"),
    "component": ("Motors", "电机"),
    "use": ("Products", "产品"),
}
"""Stages of the world as columns and filters call them; drawings know their colours by these names."""
_FAMILIES = {"car": ("cars", "汽车"), "defence": ("arms", "军工")}
_MIXES = {"NdPr": ("NdPr", "镨钕"), "REO": ("rare earths", "稀土")}
_SHORT = {
    "US": ("US", "美国"),
    "GB": ("UK", "英国"),
    "EU": ("Rest of EU", "欧盟其他"),
    "ZZ": ("Elsewhere", "其他地区"),
    "KR": ("S. Korea", "韩国"),
    "MG": ("Madag.", "马达加斯加"),
    "AU": ("Austral.", "澳大利亚"),
}
_MOTOR = ("motors with magnets {name}", "含 {name} 磁体的电机")
_CONCENTRATE = ("concentrate of {name}", "{name}精矿")
_HEAVY = ("heavy concentrate of {name}", "{name}重稀土富集物")


def atlas(project: Project, asked: Asked) -> Atlas:
    """The world as known on the day of the address (``?known=``), today without it; kept until the project changes.

    Raises:
        BadValue: a day that is none or lies ahead, or one on which too little was known for a world.
    """
    day = asked.day("known")
    if day is not None and day > asked.today:
        remedy = f"give a day up to {asked.today.isoformat()}"
        raise BadValue(f"nobody knows yet what will be known on {day}", place="'known' of the address", remedy=remedy)
    claims = asked.kept("claims", project.claims)
    return asked.kept(f"atlas:{day or ''}", lambda: project.atlas(day, claims))


def country(found: Atlas, code: str, lang: Lang) -> str:
    """A country or region of the world by its name; the code where it has none."""
    names = found.world.places.name.get(code)
    if names is not None and code in ("EU", "ZZ"):
        return names[lang == "zh"]
    return figured.where(code, lang)


def subject(found: Atlas, code: str, lang: Lang) -> str:
    """A country as the subject of a sentence."""
    name = country(found, code, lang)
    the = lang == "en" and name.split()[0] in ("United", "European", "Rest", "Philippines", "Netherlands")
    return f"The {name[0].lower() + name[1:] if name.startswith('Rest') else name}" if the else name


def brief(found: Atlas, code: str, lang: Lang) -> str:
    """A country in as few letters as a drawing on a phone has room for."""
    return _SHORT[code][lang == "zh"] if code in _SHORT else country(found, code, lang)


def stage(name: str, lang: Lang) -> str:
    """A stage of the world."""
    return STAGES.get(name, (name, name))[lang == "zh"]


def mix(name: str, lang: Lang) -> str:
    """A mix or an element in a sentence."""
    if name in _MIXES:
        return _MIXES[name][lang == "zh"]
    found = RECORDS[name]
    return found.zh if lang == "zh" else found.en


def facility(found: Atlas, row: int, lang: Lang) -> str:
    """A plant, or the makers of a product in a region."""
    n = found.network
    return (n.facility_name_zh[row] if lang == "zh" else n.facility_name[row]) or n.facilities[row]


def product(found: Atlas, row: int, lang: Lang) -> str:
    """What a maker makes, by family: all cars together, all arms together; the name of anything else."""
    from ytterby.world.families import family

    group = found.world.plants[row].group
    if group is None:
        return facility(found, row, lang)
    name = family(group.product["id"])
    if name in _FAMILIES:
        return _FAMILIES[name][lang == "zh"]
    return (group.product["name_zh"] if lang == "zh" else "") or group.product["name"]


def material(found: Atlas, name: str, lang: Lang) -> str:
    """A material of the world."""
    known = _material(name, lang)
    if known:
        return known
    form, _, rest = name.partition(".")
    if form == "motor":
        return _MOTOR[lang == "zh"].format(name=rest)
    if form != "conc":
        return name
    heavy, _, deposit = rest.rpartition(".")
    row = found.index.get(deposit)
    called = facility(found, row, lang) if row is not None else deposit.replace("_", " ")
    return (_HEAVY if heavy else _CONCENTRATE)[lang == "zh"].format(name=called)


@cache
def _material(name: str, lang: Lang) -> str:
    from ytterby.terms.materials import materials

    one = materials().get(name)
    return "" if one is None else one.zh if lang == "zh" else one.en


def to_facility(asked: Asked, found: Atlas, row: int) -> Link:
    """The name of a plant, leading to its page."""
    name = found.network.facilities[row]
    return Link(facility(found, row, asked.lang), asked.to("facility", name, asked=when(asked)))


def to_country(asked: Asked, found: Atlas, code: str) -> Link:
    """The name of a country, leading to its page."""
    return Link(country(found, code, asked.lang), asked.to("country", code, asked=when(asked)))


def to_material(asked: Asked, found: Atlas, name: str) -> Link:
    """The name of a material, leading to its page."""
    return Link(material(found, name, asked.lang), asked.to("material", name, asked=when(asked)))


def when(asked: Asked) -> dict[str, str]:
    """The knowledge day of the address, to be carried on by every link within the world."""
    return {"known": asked.get("known")}


def share(asked: Asked, part: float) -> str:
    """A share in words of the page's language."""
    return percent(asked.lang, part)


def place_link(asked: Asked, code: str) -> Link | str:
    """A place that a claim names, leading to its page where it has one; its name where it has none."""
    from ytterby.terms.places import place

    try:
        kind = place(code).kind
    except YtterbyError:
        return code
    name = figured.where(code, asked.lang)
    return Link(name, asked.to("country", code)) if kind != "world" else name


def element_links(asked: Asked, symbols: Iterable[str]) -> list[Inline]:
    """Elements that a claim names, each leading to its page."""
    pieces: list[Inline] = []
    for symbol in symbols:
        pieces += [", "] if pieces else []
        pieces.append(Link(symbol, asked.to("element", symbol)) if symbol in RECORDS else symbol)
    return pieces
