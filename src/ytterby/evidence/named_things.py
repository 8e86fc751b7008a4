"""Home to the things that the baseline has figures of under names of its own: products, robots and demand by use."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from ytterby.evidence import scope
from ytterby.evidence.claims import Claim
from ytterby.evidence.scope import slug
from ytterby.terms.text import fold

_PRODUCTS: tuple[tuple[str, str, str], ...] = (
    # id, words, what the baseline counts in it
    ("f35", r"f-?35", "rare earths"),
    ("virginia", r"virginia|弗吉尼亚|维吉尼亚", "rare earths"),
    ("burke", r"ddg-?51|arleigh|\bburke\b|伯克", "rare earths"),
    ("missile", r"missile|导弹", "magnets"),
    ("optimus", r"optimus|擎天柱", "magnets"),
    ("humanoid", r"humanoid|人形机器人|人型机器人", "magnets"),
    ("ind_robot", r"industrial robot|工业机器人", "magnets"),
    ("phev", r"plug-?in|插电", "magnets"),
    ("hev", r"hybrid|混合动力|混动", "magnets"),
    ("bev_total", r"electric (?:car|vehicle)|\bbevs?\b|\bevs?\b|电动汽车|电动车|新能源汽车|新能源车", "magnets"),
    ("ice", r"combustion|petrol car|gasoline car|燃油车|传统汽车", "magnets"),
    ("ebike", r"e-?bike|two-?wheeler|scooter|两轮车", "magnets"),
    ("wind_dd", r"direct.?drive|直驱", "magnets"),
    ("wind_avg", r"wind|turbine|风机|风电|风力", "magnets"),
    ("mri", r"\bmri\b|核磁", "magnets"),
    ("smartphone", r"smartphone|手机", "magnets"),
    ("hdd", r"hard.?disk|hard drive|硬盘", "magnets"),
    ("ac", r"air.?condition|空调", "magnets"),
    ("elevator", r"elevator|\blift\b|电梯", "magnets"),
    ("drone", r"drone|quadcopter|无人机", "magnets"),
)
_COMPILED = [(name, re.compile(pattern), counted) for name, pattern, counted in _PRODUCTS]

_USES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("humanoid", r"humanoid|人形机器人"),
        ("ev_phev", r"plug-?in|插电"),
        ("ev_bev", r"battery (?:electric|car)|\bbevs?\b|纯电"),
        ("hev", r"hybrid|混合动力|混动"),
        ("wind", r"wind|turbine|风电|风机|风力"),
        ("elevator", r"elevator|电梯"),
        ("appliance", r"air.?condition|appliance|空调|家电"),
        ("twowheel", r"e-?bike|scooter|两轮车"),
        ("robots_ind", r"industrial robot|servo|工业机器人|伺服"),
        ("ce", r"consumer electronic|smartphone|phones|消费电子|手机"),
        ("defence", r"defen[cs]e|military|军工|国防|军事"),
    )
)
_FORECASTERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"argus|阿格斯"), "argus"),
    (re.compile(r"goldman|高盛"), "gs"),
    (re.compile(r"morgan stanley|摩根士丹利|大摩"), "ms"),
    (re.compile(r"omdia"), "omdia"),
    (re.compile(r"\bidc\b"), "idc"),
    (re.compile(r"bank of america|\bbofa\b|美银"), "bofa"),
)
_IEA = re.compile(r"\biea\b|international energy agency|国际能源署")
_ADAMAS = re.compile(r"adamas|阿达马斯")
IEA_YEARS = ("2023", "2030", "2050")
BASE_YEAR = "2024"
"""Year of the baseline's demand by use."""


def intensity_of(claim: Claim, said: str) -> tuple[str, Callable[[str, str], bool], str]:
    """(product, whether a family and scope are what the baseline counts in it, unit it is kept in)."""
    told = fold(f"{claim.subject} {claim.object}").casefold()
    unit = "kg/MW" if re.search(r"/(MW|GW|兆瓦)", claim.unit) else "kg/unit"
    for name, pattern, counted in _COMPILED:
        if pattern.search(told):
            if name == "f35" and "Sm" in scope.elements(claim, said):
                return "f35_sm", lambda family, exact: True, unit
            if name.startswith("wind_") and unit != "kg/MW":
                return "wind turbine", lambda family, exact: False, unit
            return name, partial(_counts, counted), unit
    return slug(claim.subject) or slug(claim.object), lambda family, exact: False, unit


def _counts(counted: str, family: str, exact: str) -> bool:
    return family == "magnets" if counted == "magnets" else exact == counted


def robots_name(claim: Claim, said: str, label: str) -> str:
    """The baseline's name of a number of robots, empty where it keeps none: makers' and forecasters'."""
    told = f"{said} {fold(claim.subject).casefold()}"
    if len(label) != 4:
        return ""
    planned = claim.modality in ("target", "forecast", "claimed")
    if re.search(r"optimus|擎天柱", told) or (re.search(r"tesla|特斯拉", told) and re.search(r"robot|机器人", told)):
        return f"robots:opt_plan{label[2:]}" if planned else f"robots:tesla_{label}"
    if re.search(r"ubtech|优必选", told):
        return f"robots:ubt_{label[2:]}"
    if re.search(r"humanoid|人形", told):
        voice = fold(f"{claim.attributed_to} {claim.source.publisher}").casefold()
        return next((f"robots:{name}_{label}" for pattern, name in _FORECASTERS if pattern.search(voice)), "")
    return ""


def demand_name(claim: Claim, said: str, exact: str, label: str) -> str:
    """The baseline's name of a demand: the IEA's and Adamas's paths, and magnets by use in the base year."""
    voice = fold(f"{claim.attributed_to} {claim.source.publisher}").casefold()
    worldwide = claim.place in ("", "WLD") and label[:4].isdigit()
    tonnes = claim.unit.split("/")[0] in ("t", "kt")
    about_magnets = bool(scope.MAGNETS.search(said) or scope.MAGNET_REE.search(said))
    if worldwide and tonnes and _IEA.search(voice) and about_magnets and label in IEA_YEARS:
        return f"demand:iea_{label}"
    if worldwide and claim.unit in ("%/yr", "share/y", "%/y") and _ADAMAS.search(voice) and about_magnets:
        return "demand:ad_cagr24" if label == "2040" else ""
    if worldwide and tonnes and about_magnets and label == BASE_YEAR:
        told = fold(f"{claim.subject} {claim.object}").casefold()
        return next((f"demand:bu24_{name}" for name, pattern in _USES if pattern.search(told)), "")
    return ""
