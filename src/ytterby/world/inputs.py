"""Home to the names of the inputs that figures are drawn for, in both languages, with their units."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from ytterby.terms.errors import YtterbyError
from ytterby.terms.places import place

SHARE = "share"
SPEED = "licensing:destination_speed:"
DRIFT = "licensing:drift:"


@dataclass(frozen=True, slots=True)
class Named:
    """An input as a reader says it."""

    en: str
    zh: str
    unit: str
    """As the tables write units; empty for a factor."""

    @property
    def share(self) -> bool:
        """Whether it is a share of something."""
        return self.unit == SHARE


@cache
def names() -> Mapping[str, Named]:
    """Inputs by the name their draws hang on (``data/world/inputs.csv``)."""
    text = files("ytterby").joinpath("data", "world", "inputs.csv").read_text(encoding="utf-8")
    lines = csv.DictReader(text.splitlines())
    return MappingProxyType({line["input"]: Named(line["en"], line["zh"], line["unit"]) for line in lines})


def named(name: str) -> Named | None:
    """What an input is called; None where its claims, or the scenario that brings it, say it."""
    if name.startswith(SPEED):
        en, zh = _place(name.removeprefix(SPEED))
        return Named(f"pace of files for {en}", f"{zh}申请的审查快慢", "")
    if name.startswith(DRIFT):
        turn = int(name.removeprefix(DRIFT)) + 1
        return Named(f"drift of the authority's pace, turn {turn}", f"审批快慢的漂移，第{turn}次", "")
    return names().get(name)


ELSEWHERE = MappingProxyType({"EU": ("other EU", "欧盟其他国家"), "ZZ": ("other countries", "其他国家")})
"""Regions of the world that are what others leave of a place."""


def _place(code: str) -> tuple[str, str]:
    if code in ELSEWHERE:
        return ELSEWHERE[code]
    try:
        found = place(code)
    except YtterbyError:
        return code, code
    return found.en, found.zh
