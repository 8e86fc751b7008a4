"""Home to a bargain's answer on file: what it was made from, the finding as a sentence, and where it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ytterby.decisions import kept
from ytterby.decisions.bargain import answer, weights
from ytterby.decisions.bargain.playing import Played
from ytterby.decisions.bargain.table import Bargain
from ytterby.decisions.kept import Decision
from ytterby.run import record
from ytterby.terms.errors import BadValue
from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario

LATEST = 2060
"""Last year in which a game may begin."""


@dataclass(frozen=True, slots=True)
class Asked:
    """All that was asked."""

    bargain: Bargain
    scenario: Scenario
    draws: int
    seed: int
    discount: float
    later: tuple[int, ...]


def later(bargain: Bargain, years: Sequence[int] | None) -> tuple[int, ...]:
    """The years in which the game is played again, in order, each once; the bargain's own where none are asked.

    Raises:
        BadValue: a year before the bargain's own, or after `LATEST`.
    """
    if years is None:
        years = bargain.later
    for year in years:
        if not bargain.date.year <= year <= LATEST:
            remedy = f"give years from {bargain.date.year}, in which the bargain begins, to {LATEST}"
            raise BadValue(f"a game in the year {year!r}", place=f"bargain {bargain.id}, years", remedy=remedy)
    return tuple(sorted(set(years) - {bargain.date.year}))


def inputs(asked: Asked, network: Network, claims: str, fit: str) -> dict[str, Any]:
    """What an answer is made from, by hash where it is long."""
    return {
        "bargain": asked.bargain.id,
        "bargain_hash": _hash(asked.bargain.model_dump_json()),
        "weights_hash": _hash(weights.load().model_dump_json()),
        "scenario": asked.scenario.id,
        "scenario_hash": _hash(asked.scenario.model_dump_json()),
        "network": record.fingerprint(network),
        "claims": claims,
        "fit": fit,
        "code": record.code(),
        "draws": asked.draws,
        "seed": asked.seed,
        "discount": asked.discount,
        "years": list(asked.later),
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def found(folder: Path, told: dict[str, Any]) -> Decision | None:
    """The answer to the same question on the same inputs, if it was given before."""
    return kept.find(folder, "bargain", told)


def keep(folder: Path, asked: Asked, told: dict[str, Any], played: Played, network: Network) -> Decision:
    """Put the answer together and on file."""
    said = answer.answered(
        asked.bargain, played, network, discount=asked.discount, seed=asked.seed,
        spread=asked.scenario.uncertainty.claims,
    )  # fmt: skip
    return kept.keep(folder, "bargain", told, title(said), "", said)


def title(said: dict[str, Any]) -> dict[str, str]:
    """The finding, in both languages."""
    return {lang: _sentence(said, lang) for lang in ("en", "zh")}


def _sentence(said: dict[str, Any], lang: str) -> str:
    sides = said["sides"]
    names = [side["name"][lang] for side in sides]
    settled = said["equilibria"]
    if len(settled) == 1 and settled[0]["cell"]:
        picks = [sides[s]["policies"][settled[0]["cell"][s]]["name"][lang] for s in (0, 1)]
        alone = {
            "en": f"left alone, {names[0]}: {picks[0]}; {names[1]}: {picks[1]}",
            "zh": f"各自行动时，{names[0]}：{picks[0]}；{names[1]}：{picks[1]}",
        }[lang]
    elif len(settled) == 1:
        alone = {"en": "left alone, both sides mix their policies", "zh": "各自行动时，双方均采取混合策略"}[lang]
    else:
        n = len(settled)
        alone = {"en": f"left alone, {n} outcomes hold themselves up", "zh": f"各自行动时有{n}个均衡"}[lang]
    gains = said["set"]["nash"]["gains"]
    if said["set"]["nash"]["mixture"]:
        a, b = (f"{gain:,.1f}" for gain in gains)
        deal = {
            "en": f"a deal is worth {a} bn USD a year to {names[0]}, {b} bn to {names[1]}",
            "zh": f"达成协议每年为{names[0]}带来{a}、为{names[1]}带来{b}（十亿美元）",
        }[lang]
    else:
        deal = {"en": "no deal is better for both", "zh": "没有对双方都更好的协议"}[lang]
    stops = {"en": (": ", "; "), "zh": ("：", "；")}[lang]
    return f"{said['title'][lang]}{stops[0]}{alone}{stops[1]}{deal}"
