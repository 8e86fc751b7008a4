"""Home to the stages a rare earth passes from ore to use and back."""

from __future__ import annotations

from dataclasses import dataclass

from ytterby.terms.errors import UnknownName


@dataclass(frozen=True)
class Stage:
    """One stage of the chain; `order` counts from the mine."""

    id: str
    order: int
    en: str
    zh: str
    synonyms: tuple[str, ...] = ()


_ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("mine", "mining", "采矿", "mined ore,extraction,开采,矿山,采選,采选"),
    ("concentrate", "concentrate", "精矿", "beneficiation,mineral concentrate,選礦,选矿,分解"),
    ("separation", "separation", "分离", "refining,processing,oxide,oxides,冶炼分离,冶煉分離,分離,精炼,精煉,冶炼"),
    ("metal", "metal making", "金属冶炼", "metallization,metallisation,metals,metal,reduction,金属,金屬"),
    ("alloy", "alloy making", "合金", "strip casting,alloys,速凝,甩带"),
    ("magnet", "magnet making", "磁体制造", "magnets,permanent magnets,magnet production,磁体,磁體,磁材,永磁"),
    ("component", "component", "部件", "components,motors,motor,rotor,零部件,电机,電機"),
    ("product", "product", "产品", "products,assembly,end product,產品,整机"),
    ("use", "use", "使用", "in use,end use,final use,consumption,终端,应用,應用"),
    ("recycling", "recycling", "回收", "recycled,scrap,swarf,secondary,再生,废料,廢料"),
)

STAGES: tuple[Stage, ...] = tuple(
    Stage(name, order, en, zh, tuple(synonyms.split(","))) for order, (name, en, zh, synonyms) in enumerate(_ROWS)
)
"""All stages, in order from the mine."""

_BY_NAME = {form.casefold(): s for s in reversed(STAGES) for form in (*s.synonyms, s.zh, s.en, s.id)}


def stage(text: str, place: str = "") -> Stage:
    """The stage named by id, English or Chinese name or synonym; raises `UnknownName`.

    >>> stage("refining").id
    'separation'
    """
    found = _BY_NAME.get(text.strip().casefold())
    if found is None:
        raise UnknownName(text, [form for s in STAGES for form in (s.id, s.en)], "stage", place)
    return found
