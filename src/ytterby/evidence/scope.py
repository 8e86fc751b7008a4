"""Home to scope: what a figure counts, told from the words of a claim that was read.

The words are those of the claim's own fields, folded and in lower case; where they are silent, those of its quote. The
answers are spelled as the baseline spells them ("magnet REE", "Dy+Tb content"), so that like can be put beside like.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ytterby.evidence.claims import Claim
from ytterby.terms.elements import ELEMENTS
from ytterby.terms.text import fold

MAGNET_REE = re.compile(r"magnet(?:ic)? (?:ree|rare.?earth)|磁材用?稀土|永磁用稀土")
"""The rare earths that magnets are made of, counted as such."""
WITHOUT_MAGNETS = re.compile(
    r"(?:other than|excluding|except(?: for)?|without) (?:rare.?earth |permanent )?magnets"
    r"|(?:不含|不包括|除)(?:稀土)?(?:永)?磁"
)
MAGNETS = re.compile(
    r"\bmagnets?\b(?! (?:ree|rare.?earth))|\bmagnet\.|ndfeb|磁铁|磁体|磁材(?!用?稀土)|永磁(?!用稀土)|钕铁硼"
)
ALLOYS = re.compile(r"\balloys?\b|合金")
HEAVY = re.compile(r"\bheavy\b|\bhree?s?\b|重稀土")
MEDIUM = re.compile(r"\bmedium\b|中重稀土")
BEARING = re.compile(r"bearing|containing|含稀土")
MINED = re.compile(r"\bmin(?:e|ed|ing|es)\b|开采|矿产|采矿|矿山|原矿")
REFINED = re.compile(r"\brefin|separat|\bprocess(?:ed|ing)\b|smelt|冶炼|分离|精炼|提炼|加工")
METAL = re.compile(r"\bmetals?\b|金属")
RESERVES = re.compile(r"\breserves?\b|储量|蕴藏")
IMPORTS = re.compile(r"\bimport|进口|输入")
EXPORTS = re.compile(r"\bexport|\bshipment|出口|对外出货|出货")
OUTPUT = re.compile(r"\bproduc|\boutput\b|产量|产出|生产")
DEMAND = re.compile(r"\bdemand|\bconsum|\buse[sd]?\b|需求|用量|消费")
PRICE = re.compile(r"\bpric|价格|售价|报价")
LICENCE = re.compile(r"licen[cs]|permit|许可|applications?\b|申请")
GRANTED = re.compile(r"approv|grant|issued|获批|批准|核发|获得|拿到")
REO = re.compile(r"\breos?\b|折氧化物|稀土氧化物当量")
MONEY = re.compile(r"revenue|profit|earning|sales|营收|利润|收入|销售额")
SELF = re.compile(r"self.?sufficien|自给")
QUOTA = re.compile(r"\bquotas?\b|指标|配额|限额")
FLOOR = re.compile(r"\bfloor\b|保底|底价|最低价")
ABROAD = re.compile(r"rotterdam|europe|欧洲|鹿特丹")
FOB = re.compile(r"\bfob\b|离岸")

_QUALIFIED_MAGNETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"high.?perf|高性能"), "high-performance magnets"),
    (re.compile(r"sinter.*perman|烧结.*永磁"), "sintered permanent magnets"),
    (re.compile(r"sinter|烧结"), "sintered NdFeB"),
    (re.compile(r"samarium|smco|钐钴"), "SmCo magnets"),
    (re.compile(r"neodymium|钕磁"), "neodymium magnets"),
    (re.compile(r"ndfeb|钕铁硼"), "NdFeB"),
    (re.compile(r"permanent|永磁"), "permanent magnets"),
)
_FORMS = (
    (re.compile(r"\boxides?\b|氧化"), "oxide"),
    (METAL, "metal"),
    (re.compile(r"concentrate|\bores?\b|精矿|矿石"), "ore"),
    (re.compile(r"carbonate|碳酸"), "carbonate"),
)
_NAMES = {
    "La": r"\blanthanum|镧",
    "Ce": r"\bcerium|铈",
    "Pr": r"\bpraseodymium|镨",
    "Nd": r"\bneodymium|钕",
    "Sm": r"\bsamarium|钐",
    "Eu": r"\beuropium|铕",
    "Gd": r"\bgadolinium|钆",
    "Tb": r"\bterbium|铽",
    "Dy": r"\bdysprosium|镝",
    "Ho": r"\bholmium|钬",
    "Er": r"\berbium|铒",
    "Tm": r"\bthulium|铥",
    "Yb": r"\bytterbium|镱",
    "Lu": r"\blutetium|镥",
    "Y": r"\byttrium|钇",
    "Sc": r"\bscandium|钪",
}
_ELEMENT = {symbol: re.compile(pattern) for symbol, pattern in _NAMES.items()}
_BOTH = re.compile(
    r"magnets?,? (?:and|&) (?:their |related )?alloys|alloys? (?:and|&) magnets|(?:磁体|磁铁|磁材|永磁)[和与及、]合金"
)
_NDPR = re.compile(r"ndpr|prnd|nd-pr|pr-nd|镨钕|neodymium.{1,5}praseodymium|praseodymium.{1,5}neodymium")
_RARE = re.compile(r"rare.?earth|稀土|\breos?\b|\brees?\b")
_NOISE = re.compile(
    r"\b(?:rare|earths?|exports?|imports?|shipments?|production|output|change|prices?|levels?|the|an?|to|from|of|in|by|"
    r"for|and|its|us|u\.s\.|united states|japan|china|myanmar|germany|europe|india|vietnam|world|global|total|volume)\b"
)


def words(claim: Claim) -> str:
    """What the claim is about, in its own words, folded and in lower case."""
    return fold(f"{claim.object} {claim.basis}".strip() or claim.quote).casefold()


def all_words(claim: Claim) -> str:
    """The claim's own words and those of its quote, folded and in lower case."""
    return fold(f"{claim.subject} {claim.object} {claim.basis} {claim.quote}").casefold()


def elements(claim: Claim, said: str) -> tuple[str, ...]:
    """The rare earths a figure is about, as symbols in axis order."""
    found = set(claim.elements)
    found |= {symbol for symbol, pattern in _ELEMENT.items() if pattern.search(said)}
    if _NDPR.search(said):
        found |= {"Nd", "Pr"}
    return tuple(symbol for symbol in ELEMENTS if symbol in found)


def product(claim: Claim, said: str) -> tuple[str, str]:
    """The product counted: its family and its exact scope, e.g. ``("magnets", "magnets and alloys")``."""
    if WITHOUT_MAGNETS.search(f"{said} {fold(claim.quote).casefold()}"):
        return "rare earths", "rare earths"
    if MAGNETS.search(said) or claim.material.startswith("magnet."):
        if _with_alloys(claim, said):
            return "magnets", "magnets and alloys"
        return "magnets", magnets(said)
    if BEARING.search(said) and _RARE.search(said):
        return "rare earths", "rare-earth-bearing material"
    if MAGNET_REE.search(said):
        return "rare earths", "magnet REE"
    form = next((name for pattern, name in _FORMS if pattern.search(said)), "")
    if _NDPR.search(said):
        return "rare earths", f"NdPr {form}".strip()
    if HEAVY.search(said):
        return "rare earths", "medium and heavy rare earths" if MEDIUM.search(said) else "heavy rare earths"
    if _RARE.search(said):
        return "rare earths", f"rare earths, {form}" if form in ("ore", "carbonate") else "rare earths"
    symbols = elements(claim, said)
    if symbols and len(symbols) <= 3:
        return "rare earths", f"{'+'.join(symbols)} {form}".strip()
    if ALLOYS.search(said) and "稀土" in said:
        return "rare earths", "alloys"
    name = slug(_NOISE.sub(" ", fold(claim.object).casefold()))
    return (name, name) if name else ("", "")


def _with_alloys(claim: Claim, said: str) -> bool:
    """Whether magnets are counted together with alloys, by the claim's words or, where they leave it out, its quote."""
    return bool(ALLOYS.search(said) or _BOTH.search(fold(claim.quote).casefold()))


def magnets(said: str) -> str:
    """Which magnets are counted; plain ``magnets`` where the words do not say, or say only "rare earth"."""
    return next((name for pattern, name in _QUALIFIED_MAGNETS if pattern.search(said)), "magnets")


def stage(claim: Claim, said: str, holder: str) -> str:
    """The stage a share speaks of, as the baseline spells it; empty where the claim is about something else.

    Heavy rare earths of which nobody says whether mined or separated: China's share is taken as that of separation,
    where it stands for nearly all, anybody else's as that of mining.
    """
    if SELF.search(said):
        return "self_sufficiency"
    if RESERVES.search(said):
        return "reserves"
    if MAGNETS.search(said) or claim.material.startswith("magnet."):
        return "magnet"
    if DEMAND.search(said):
        return "demand" if _RARE.search(said) else ""
    heavy = bool(HEAVY.search(said)) or set(elements(claim, said)) in ({"Dy"}, {"Tb"}, {"Tb", "Dy"})
    if claim.stage in ("mine", "concentrate") or (MINED.search(said) and not REFINED.search(said)):
        return "mining"
    if heavy:
        return "separation_heavy" if holder == "CN" or REFINED.search(said) else "mining"
    if REFINED.search(said) or (claim.stage == "separation" and REFINED.search(all_words(claim))):
        return "separation"
    if claim.stage == "metal":
        return "metal"
    return "mining" if _RARE.search(said) else ""


def basis(claim: Claim, said: str, of: str) -> str:
    """What a share is a share of, as the baseline spells it; ``not stated`` where nobody says."""
    symbols = elements(claim, said)
    if of == "magnet":
        return "magnets and alloys" if _with_alloys(claim, said) else magnets(said)
    if of == "reserves":
        return "reserves"
    if set(symbols) and set(symbols) <= {"Dy", "Tb"}:
        both = "Dy+Tb" if len(symbols) == 2 else symbols[0]
        return f"{both} content" if of == "mining" else f"{both} oxide"
    if MAGNET_REE.search(said):
        return "magnet REE refined" if of == "separation" else "magnet REE"
    if HEAVY.search(said):
        return "heavy rare earths"
    if re.search(r"all reo|\breos?\b|rare.earth oxides?|氧化物", said):
        return "all REO"
    if of == "separation":
        return "capacity" if re.search(r"capacity|产能", said) else "refined"
    return "not stated"


@lru_cache(maxsize=8192)
def slug(text: str) -> str:
    """Words as part of a name: folded, lower case, without colons, at most 60 characters."""
    tidy = re.sub(r"[:：*\s]+", " ", fold(text).casefold()).strip(" ,.;、，。；-")
    return tidy[:60].rstrip()
