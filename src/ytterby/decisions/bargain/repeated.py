"""Home to the game played again and again: what patience, and what trust, an agreement needs to hold itself up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ytterby.decisions.bargain.frontier import Payoffs
from ytterby.decisions.bargain.games import Cell, Game, secured
from ytterby.terms.errors import BadValue


@dataclass(frozen=True, slots=True)
class Held:
    """What it takes that a pair of policies is kept up, round after round."""

    cell: Cell
    temptation: tuple[float, float]
    """What each side gains in the round in which it breaks its word."""
    least: tuple[float | None, float | None]
    """Least discount factor of each side with which it does not, if the other then goes back to an equilibrium of the
    single round for good (grim trigger; Friedman 1971, A non-cooperative equilibrium for supergames, Review of
    Economic Studies 38). None where no patience is enough."""
    folk: tuple[float | None, float | None]
    """The same, where the other can hold it to the least it can secure: no threat is harsher (the folk theorem,
    Fudenberg and Maskin 1986, Econometrica 54)."""
    trust: tuple[float | None, float | None]
    """At the discount factor asked: the least probability that the other keeps its word, with which keeping one's own
    pays. None where even certainty is not enough."""
    back_to: int | None
    """Row of the equilibrium that punishes in `least`: the one that asks for the least patience."""

    @property
    def patience(self) -> float | None:
        """The discount factor that both sides need under grim trigger; None where none is enough."""
        return _both(self.least)

    @property
    def bound(self) -> float | None:
        """The discount factor below which no threat whatever holds it up."""
        return _both(self.folk)


def _both(pair: tuple[float | None, float | None]) -> float | None:
    return None if pair[0] is None or pair[1] is None else max(pair[0], pair[1])


def checked(discount: float) -> float:
    """A discount factor: the worth of the next round's unit in this one.

    Raises:
        BadValue: not between 0 and 1, ends left out.
    """
    if not 0.0 < discount < 1.0:
        raise BadValue(
            f"a discount factor of {discount!r}", place="discount",
            remedy="give a number between 0 and 1, ends left out: 0.9 says that next year's dollar is worth 0.9 today",
        )  # fmt: skip
    return float(discount)


def threshold(kept: float, broken: float, punished: float) -> float | None:
    """Least discount factor with which `kept` for ever beats `broken` once and `punished` ever after.

    kept / (1 - d) >= broken + d punished / (1 - d)  <=>  d >= (broken - kept) / (broken - punished)

    >>> threshold(3.0, 5.0, 1.0)
    0.5
    """
    if broken <= kept:
        return 0.0
    if punished >= kept:
        return None
    return (broken - kept) / (broken - punished)


def least_trust(
    kept: float, broken: float, betrayed: float, both_broken: float, punished: float, discount: float
) -> float | None:
    """Least probability that the other keeps its word with which keeping one's own pays.

    The other is either of its word (it keeps the agreement as long as one does, and punishes for ever after) with
    probability p, or it breaks it in this very round. Keeping is worth  p kept / (1 - d) + (1 - p) (betrayed + d
    punished / (1 - d)),  breaking  p broken + (1 - p) both_broken + d punished / (1 - d);  both are linear in p. Two
    types, as in Kreps and Wilson (1982), Reputation and imperfect information, Journal of Economic Theory 27.

    Args:
        kept: a round in which both keep it.
        broken: a round in which one breaks it and the other does not.
        betrayed: a round in which the other breaks it and one does not.
        both_broken: a round in which both do.
        punished: every round after.
        discount: worth of the next round's unit in this one.
    """
    after = discount * punished / (1.0 - discount)
    trusting = (kept / (1.0 - discount)) - (broken + after)
    doubting = (betrayed + after) - (both_broken + after)
    if trusting < 0.0:
        return None
    if doubting >= 0.0:
        return 0.0
    return -doubting / (trusting - doubting)


def held(one: Game, cell: Cell, punishments: Sequence[Payoffs], discount: float) -> Held:
    """What it takes to keep up one pair of policies.

    Args:
        one: the game of a single round.
        cell: the pair.
        punishments: payoffs of the round's equilibria, to which a side may be sent back.
        discount: for the trust that is needed.

    Raises:
        BadValue: a discount factor out of range.
    """
    checked(discount)
    i, j = cell
    kept = one.at(cell)
    breaking = (int(np.argmax(one.first[:, j])), int(np.argmax(one.second[i])))
    broken = (float(one.first[breaking[0], j]), float(one.second[i, breaking[1]]))
    floors = (secured(one.first).value, secured(one.second.T).value)
    options = [tuple(threshold(kept[s], broken[s], point[s]) for s in (0, 1)) for point in punishments]
    ranked = sorted(range(len(options)), key=lambda k: _patience(options[k]))
    chosen = ranked[0] if ranked else None
    least = options[chosen] if chosen is not None else (None, None)
    after = punishments[chosen] if chosen is not None else floors
    both = (breaking[0], breaking[1])
    trust = tuple(
        least_trust(kept[s], broken[s], betrayed, float(table[both]), after[s], discount)
        for s, table, betrayed in (
            (0, one.first, float(one.first[i, breaking[1]])),
            (1, one.second, float(one.second[breaking[0], j])),
        )
    )
    folk = tuple(threshold(kept[s], broken[s], floors[s]) for s in (0, 1))
    stakes = (max(0.0, broken[0] - kept[0]), max(0.0, broken[1] - kept[1]))
    return Held(cell, stakes, (least[0], least[1]), (folk[0], folk[1]), (trust[0], trust[1]), chosen)


def _patience(pair: Sequence[float | None]) -> float:
    return max(math.inf if one is None else one for one in pair)
