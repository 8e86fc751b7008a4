"""Home to what a line is called on a page: the makers of one product in one region."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from ytterby.desk import figured

if TYPE_CHECKING:
    from ytterby.desk.urls import Lang

_ELSEWHERE = {"EU": ("rest of the EU", "欧盟其他国家"), "ZZ": ("elsewhere", "其他地区"), "WLD": ("world", "全球")}


def line(group: Mapping[str, Any], lang: Lang) -> str:
    """A group of makers, ``battery cars, Germany``; its id where nobody gave it a name.

    >>> line({"id": "car.bev.DE", "product": "car.bev", "region": "DE"}, "en")
    'battery cars, Germany'
    """
    product, region = str(group.get("product", "")), str(group.get("region", ""))
    if not product:
        return str(group.get("id", ""))
    named = _products().get(product)
    return ("，" if lang == "zh" else ", ").join(
        one for one in (named[lang == "zh"] if named else product, place(region, lang)) if one
    )


def place(region: str, lang: Lang) -> str:
    """A region of the model by its name."""
    if region in _ELSEWHERE:
        return _ELSEWHERE[region][lang == "zh"]
    return figured.where(region, lang) if region else ""


@cache
def _products() -> dict[str, tuple[str, str]]:
    from ytterby.world import baseline

    rows = baseline.load()["products"]
    return {str(row["id"]): (str(row["name"]), str(row["name_zh"]) or str(row["name"])) for row in rows}
