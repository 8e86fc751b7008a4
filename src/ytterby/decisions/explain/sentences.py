"""Home to what a sentence moves: the effects of figures, handed on to the claims each figure is weighed from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ytterby.decisions.explain.effects import Effect


@dataclass(frozen=True, slots=True)
class Sentence:
    """One claim and what it moves, in the outcome's unit per standard deviation of the figures it stands in."""

    claim: str
    effect: float
    """Sum over its figures of its weight in them times their mean effect: a claim that is off is off in all of them."""
    typical: float
    """The same of the figures' typical effects, without their signs."""
    figures: tuple[tuple[str, float], ...]
    """(parameter, weight of the claim in it), the one it moves most by first."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "claim": self.claim,
            "effect": self.effect,
            "typical": self.typical,
            "figures": [list(pair) for pair in self.figures],
        }


def sentences(found: Iterable[Effect], extra: dict[str, tuple[tuple[str, float], ...]]) -> tuple[Sentence, ...]:
    """Every claim behind the effects, the one that moves most first.

    `extra` names the claims of inputs that a scenario takes from a weighed parameter, by input.
    """
    parts: dict[str, list[tuple[float, float, str, float]]] = defaultdict(list)
    for one in found:
        for claim, weight in one.input.parameter.claims or extra.get(one.input.name, ()):
            parts[claim].append((weight * one.typical, weight * one.mean, one.input.name, weight))
    made = []
    for claim, rows in parts.items():
        rows.sort(key=lambda row: (-row[0], row[2]))
        figures = tuple((name, weight) for _, _, name, weight in rows)
        made.append(Sentence(claim, sum(r[1] for r in rows), sum(r[0] for r in rows), figures))
    return tuple(sorted(made, key=lambda s: (-s.typical, s.claim)))
