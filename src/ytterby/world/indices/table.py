"""Home to the table of indices: every index by element, stage and country, with its band over the draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.terms.errors import BadValue, UnknownName
from ytterby.world.atlas import MIXES, Atlas, symbols
from ytterby.world.indices import formulas, scores
from ytterby.world.indices.drawn import Drawn, drawn

Floats = NDArray[np.float64]
STAGES = ("mine", "separation", "metal", "magnet")
"""Stages that have indices."""
UNION, WORLD = "EU", "WLD"
INDICES = ("hhi", "import_dependence", "import_reliance", "geopolrisk", "eu_supply_risk")
SCALE = {"hhi": 10_000.0}
UNITS = {"hhi": "0-10,000", "eu_supply_risk": "EU index"}
LEAST = 1e-3
"""Share of the world's amount a country must make or take in to have an index."""
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Chance:
    """What is drawn beside the world: standard normal deviates by name."""

    factors: Floats
    """(row of the network's `uncertainty`, draw) drawn value over median."""
    deviates: Any
    """Name → (draw,) standard normal deviates, the same for the same name."""


def indices(
    atlas: Atlas,
    chance: Chance,
    elements: Sequence[str] = tuple(MIXES),
    stages: Sequence[str] = STAGES,
    countries: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """Every index, as known on the atlas's day.

    Args:
        atlas: the world.
        chance: the draws.
        elements: elements or mixes.
        stages: of `STAGES`.
        countries: ISO codes; `EU` is all 27. All that use products, left out. The world's concentration and the
            Union's supply risk are always told.

    Returns:
        ``index``, ``element``, ``stage``, ``country`` (`WLD` for the world), ``p05``, ``median``, ``p95``, ``unit``,
        ``leader`` and ``leader_share`` (who makes most of the stage), ``assumed`` and ``assumed_share`` (of the output
        that the index stands on, from plants of assumed capacity), ``stands_on`` (parameters of the largest plants),
        ``known``.

    Raises:
        UnknownName: an element, stage or country nobody knows.
        BadValue: a day before any governance score was known.
    """
    for stage in stages:
        if stage not in STAGES:
            raise UnknownName(stage, STAGES, what="stage", place="indices")
    for element in elements:
        symbols(element)
    if chance.factors.shape[1] < 1:
        raise BadValue("0 draws", place="indices", remedy="ask for at least 1")
    everywhere = users(atlas)
    for country in countries or ():
        if country not in {*everywhere, *atlas.country, UNION, WORLD}:
            raise UnknownName(country, sorted({*everywhere, UNION}), what="country of the world", place="indices")
    chosen = list(everywhere) if countries is None else [one for one in countries if one != WORLD]
    found: list[dict[str, Any]] = []
    for (element, stage), seen in drawn(atlas, chance.factors, elements, stages).items():
        if seen.made.sum() > 0.0:
            found += _Stage(atlas, chance, element, stage, seen).rows(chosen)
    order = {name: k for k, name in enumerate(INDICES)}
    place = {element: k for k, element in enumerate(elements)}
    return sorted(
        found,
        key=lambda r: (place[r["element"]], STAGES.index(r["stage"]), order[r["index"]], r["country"]),
    )


def users(atlas: Atlas) -> tuple[str, ...]:
    """Countries and regions in which products are made."""
    return tuple(line["code"] for line in atlas.world.tables["regions"] if line["use"])


def union(atlas: Atlas) -> tuple[str, ...]:
    """Codes that are the European Union: its members, and the region of those not named apart."""
    line = next(one for one in atlas.world.tables["regions"] if one["code"] == UNION)
    return (UNION, "DE", *line["members"].split())


class _Stage:
    """One stage of one element."""

    def __init__(self, atlas: Atlas, chance: Chance, element: str, stage: str, seen: Drawn) -> None:
        self.atlas, self.chance, self.element, self.stage, self.seen = atlas, chance, element, stage, seen
        self.inside = np.array([one in union(atlas) for one in seen.countries])
        self.stability, self.guessed = self._governed("stability")

    def rows(self, countries: Sequence[str]) -> list[dict[str, Any]]:
        """Every index of the stage."""
        found = [self._row("hhi", WORLD, formulas.hhi(self.seen.made), self._doubt(self.seen.made))]
        for country in countries:
            found += self._of(country)
        risk = self._of_union()
        return [row for row in (*found, risk) if row is not None]

    def _of(self, country: str) -> list[dict[str, Any] | None]:
        at = self._place(country)
        imported = self.seen.moved[:, at][~at].sum(axis=1)
        home, exported = self.seen.moved[at][:, at].sum(axis=(0, 1)), self.seen.moved[at][:, ~at].sum(axis=(0, 1))
        made = self.seen.made[at].sum(axis=0)
        if np.median(imported.sum(axis=0) + made) < LEAST * np.median(self.seen.made.sum(axis=0)):
            return []
        g = formulas.instability(self.stability[~at])
        doubt = self._doubt(np.concatenate([imported, made[None]]), np.append(self.seen.assumed[~at], 0.0))
        weighed = max(doubt, float(self._share_guessed(imported, self.guessed[~at])))
        return [
            self._row("import_dependence", country, formulas.import_dependence(imported, home), doubt),
            self._row(
                "import_reliance", country, formulas.import_reliance(imported.sum(axis=0), made, exported), doubt
            ),
            self._row("geopolrisk", country, formulas.geopolrisk(self.seen.made, imported, g, made), weighed),
        ]

    def _of_union(self) -> dict[str, Any] | None:
        at = self.inside
        taken = self.seen.moved[:, at].sum(axis=1)
        made, exported = self.seen.made[at].sum(axis=0), self.seen.moved[at][:, ~at].sum(axis=(0, 1))
        if not (taken.sum(axis=0) > 0.0).all():
            return None
        scaled = 10.0 * formulas.instability(self._governed("overall")[0])
        t = scores.trade_factor(self.seen.countries, union(self.atlas), self.stage, self.atlas.day)
        reliance = formulas.import_reliance(taken[~at].sum(axis=0), made, exported)
        risk = formulas.supply_risk(
            formulas.hhi_wgi(self.seen.made, scaled, t),
            formulas.hhi_wgi(taken, scaled, t),
            reliance,
            self._of_element("recycled"),
            self._of_element("substitution"),
        )
        # governance, recycling and substitution of the method are all from memory
        return self._row("eu_supply_risk", UNION, risk, 1.0)

    def _place(self, country: str) -> NDArray[np.bool_]:
        if country == UNION:
            return self.inside
        return np.array([one == country for one in self.seen.countries])

    def _governed(self, score: str) -> tuple[Floats, NDArray[np.bool_]]:
        """(country, draw) drawn scores, NaN without one; and which are assumed."""
        draws = self.seen.made.shape[1]
        found = np.full((len(self.seen.countries), draws), np.nan)
        guessed = np.zeros(len(self.seen.countries), dtype=np.bool_)
        for at, country in enumerate(self.seen.countries):
            told = scores.governance(country, score, self.atlas.day)
            guessed[at] = told is None or told.assumed
            if told is not None:
                value = told.drawn(self.chance.deviates(f"governance:{score}:{country}"))
                found[at] = np.clip(value, formulas.WORST, formulas.BEST)
        return found, guessed

    def _of_element(self, what: str) -> Floats:
        """(draw,) of the element; of a mix the mean by what the stage makes of each."""
        parts = symbols(self.element)
        weight = np.array([sum(one.tonnes for one in self.atlas.shares(part, self.stage)) for part in parts])
        told = [self._told(part, what) for part in parts]
        known = np.array([one is not None for one in told]) & (weight > 0.0)
        mean = np.zeros(self.seen.made.shape[1])
        for share, value, use in zip(weight / weight[known].sum(), told, known, strict=True):
            mean = mean + share * value if use and value is not None else mean
        return np.clip(mean, 0.0, 1.0)

    def _told(self, element: str, what: str) -> Floats | None:
        try:
            score = scores.of_element(element, what, self.atlas.day)
        except UnknownName:
            return None
        return score.drawn(self.chance.deviates(f"{what}:{element}"))

    def _doubt(self, amounts: Floats, assumed: Floats | None = None) -> float:
        """Share of the median amounts that stands on plants of assumed capacity."""
        usual = np.median(amounts, axis=1)
        doubt = self.seen.assumed if assumed is None else assumed
        return float((usual * doubt).sum() / usual.sum()) if usual.sum() > 0.0 else 0.0

    def _share_guessed(self, imported: Floats, guessed: NDArray[np.bool_]) -> float:
        usual = np.median(imported, axis=1)
        return float(usual[guessed].sum() / usual.sum()) if usual.sum() > 0.0 else 0.0

    def _row(self, index: str, country: str, values: Floats, doubt: float) -> dict[str, Any] | None:
        known = np.sort(values[np.isfinite(values)]) * SCALE.get(index, 1.0)
        if not len(known):
            return None
        low, median, high = (float(np.quantile(known, q)) for q in (0.05, 0.5, 0.95))
        usual = np.median(self.seen.made, axis=1)
        leader = int(usual.argmax())
        return {
            "index": index,
            "element": self.element,
            "stage": self.stage,
            "country": country,
            "p05": low,
            "median": median,
            "p95": high,
            "unit": UNITS.get(index, "0-1"),
            "leader": self.seen.countries[leader],
            "leader_share": float(usual[leader] / usual.sum()),
            "assumed": doubt > 0.5,
            "assumed_share": round(doubt, 6),
            "stands_on": self._stands_on(),
            "known": self.atlas.day.isoformat(),
        }

    def _stands_on(self) -> list[str]:
        """Capacities of the plants that make most of the stage."""
        made = self.atlas.output(self.element) * np.array([one == self.stage for one in self.atlas.stage])
        names: list[str] = []
        for row in np.argsort(-made)[:MOST_NAMED]:
            if made[row] > 0.0:
                on = self.atlas.standing_on(self.atlas.network.facilities[int(row)])
                names += [name for name in on if name.split(":")[0] in ("capacity", "mine")][:1]
        return list(dict.fromkeys(names))
