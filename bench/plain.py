"""Home to the plain baseline of reading: every number with a unit, the nearest country before it as its subject.

It knows ASCII and full-width digits, thousands marks, 万 and 亿, the commonest units and nothing else: no sentence, no
coordination, no numerals in words. What a grammar is worth is its distance from this.
"""

from __future__ import annotations

import re

from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import SPOKEN, Document
from ytterby.terms.text import fold

_NUMBER = re.compile(
    r"(?P<money>US\$|\$|€|£)?(?P<number>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*"
    r"(?P<size>万|亿|thousand|million|billion|m(?=[\s,.])|bn)?\s*"
    r"(?P<unit>%|percent|per cent|pc\b|吨/年|公吨|吨|美元/公斤|元/公斤|美元|元|公斤|个月|个工作日|年|家|项|"
    r"metric tons per year|tonnes per year|t/yr|metric tons|tonnes|tons|t\b|kg|pounds|yen|months|weeks|years)?"
)
_SIZES = {"万": 1e4, "亿": 1e8, "thousand": 1e3, "million": 1e6, "billion": 1e9, "m": 1e6, "bn": 1e9}
_UNITS = {
    "percent": "%", "per cent": "%", "pc": "%", "吨": "t", "公吨": "t", "吨/年": "t/yr", "metric tons": "t",
    "tonnes": "t",
    "tons": "t", "t": "t", "metric tons per year": "t/yr", "tonnes per year": "t/yr", "pounds": "lb", "公斤": "kg",
    "美元": "USD", "元": "CNY", "美元/公斤": "USD/kg", "元/公斤": "CNY/kg", "yen": "JPY",
    "个月": "month", "months": "month",
    "weeks": "week", "years": "year", "个工作日": "workday", "家": "count", "项": "count",
}  # fmt: skip
_MONEY = {"US$": "USD", "$": "USD", "€": "EUR", "£": "GBP"}
_KINDS = {"%": "share", "t": "trade_volume", "t/yr": "capacity", "lb": "intensity", "kg": "intensity"}
_KINDS |= {"month": "duration", "week": "duration", "year": "duration", "workday": "duration", "count": "count"}
_KINDS |= {"USD/kg": "price", "CNY/kg": "price"}
_COUNTRY = re.compile(r"China|Chinese|U\.S\.|US|United States|Japan|Myanmar|Australia|中国|美国|日本|缅甸|对美|对日")
_NAMES = {"Chinese": "China", "U.S.": "United States", "US": "United States", "中国": "China", "美国": "United States"}
_NAMES |= {"日本": "Japan", "缅甸": "Myanmar", "对美": "United States", "对日": "Japan"}


def extract(document: Document) -> list[Claim]:
    """Claims of the baseline, in reading order."""
    text = fold(document.text)
    made = []
    for passage in document.passages:
        if passage.kind not in SPOKEN:
            continue
        for match in _NUMBER.finditer(text, passage.start, passage.end):
            unit = _MONEY.get(match["money"] or "") or _UNITS.get(match["unit"] or "", match["unit"] or "")
            if not unit or (unit == "年"):
                continue
            before = list(_COUNTRY.finditer(text, passage.start, match.start()))
            country = before[-1][0] if before else "China"
            value = float(match["number"].replace(",", "")) * _SIZES.get(match["size"] or "", 1.0)
            made.append(
                Claim(
                    document=document.id,
                    passage=passage.n,
                    start=match.start(),
                    end=match.end(),
                    quote=document.text[match.start() : match.end()],
                    kind=_KINDS.get(unit, "investment"),  # type: ignore[arg-type]
                    subject=_NAMES.get(country, country),
                    value=value,
                    unit=unit,
                    extractor="plain/1",
                )
            )
    return made
