"""Home to payoffs: a trial's draws in USD bn a year for whoever sits at the table, part by part, and for who does not.

A payoff is the sum of its parts, each in USD bn a year of the window that counts:

    output    - value added of civil products wanted and not built, caught-up output deducted
    pressure  - kappa x value added x mean square of the share missing: stopped lines weigh more than slow ones
    arms      - value added of arms wanted and not built
    sales     surplus on what China ships: tonnes x (price in China + rent x what buyers abroad pay above it) x surplus
    market    - surplus on magnets made abroad in the last year, for as many years as buyers lost stay lost
    industry  value added of magnets that own makers use and China did not ship
    payments  what a policy brings or costs outside rare earths
    rivalry   relative x what output, pressure and arms cost the other side (Grieco 1988, Anarchy and the limits of
              cooperation, International Organization 42: states heed what others gain)

`sales` and `market` belong to whoever has China among its regions, `industry` to everybody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np

from ytterby.decisions.bargain.games import Floats
from ytterby.run.trials import Trial
from ytterby.terms.errors import BadValue, UnknownName
from ytterby.world import content
from ytterby.world.network import Network

KEEP = ("demand", "output", "exports", "prices")
"""Series that payoffs are made of."""
PARTS = ("output", "pressure", "arms", "sales", "market", "industry", "payments", "rivalry")
"""The parts of a payoff."""
HARM = ("output", "pressure", "arms")
"""Parts that a rival may wish on the other."""
CHINA = "CN"
BILLION = 1e9
KG = 1000.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one trial came to over the window."""

    parts: Mapping[str, Mapping[str, Floats]]
    """Party -> part -> (draw,) USD bn a year."""
    made_abroad: Floats
    """(draw,) t of magnets a year that buyers outside China used and China did not ship, in the last year."""
    shipped: Mapping[str, Mapping[str, Floats]]
    """Element -> region -> (draw,) t a year that left China for it, in whatever material."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days that count."""

    first: date
    until: date
    """The first day that does not."""

    @property
    def years(self) -> float:
        """Its length."""
        return (self.until - self.first).days / 365.25


def outcome(
    trial: Trial, network: Network, parties: Mapping[str, tuple[str, ...]], worth: Mapping[str, Floats], window: Window
) -> Outcome:
    """A trial's parts for every party.

    Args:
        trial: with the series of `KEEP`.
        network: the world it was simulated on.
        parties: name -> regions.
        worth: values of `weights.drawn`, (draw,) or (1,) each.
        window: the days that count.

    Raises:
        UnknownName: a region the world does not have.
        BadValue: no day of the window was simulated.
    """
    for name, regions in parties.items():
        for region in regions:
            if region not in network.regions:
                raise UnknownName(region, network.regions, "region", f"party {name}")
    inside = shares(trial, window)
    makers = _makers(trial, network, worth, inside, window.years)
    traded = _traded(trial, network, worth, inside, window)
    told = {}
    for name, regions in parties.items():
        rows = np.isin(np.array(network.regions)[network.group_region], regions)
        civil, arms = rows & ~network.group_military, rows & network.group_military
        parts = {
            "output": -worth["weight:output"] * makers.lost[civil].sum(axis=0),
            "pressure": -worth["weight:pressure"] * makers.pressed[civil].sum(axis=0),
            "arms": -worth["weight:arms"] * makers.lost[arms].sum(axis=0),
        }
        if CHINA in regions:
            parts |= {"sales": traded.sales, "market": traded.market}
        else:
            own = sum((traded.independent[region] for region in regions), np.zeros_like(traded.sales))
            parts["industry"] = worth["weight:industry"] * own
        told[name] = MappingProxyType({part: np.asarray(values) for part, values in parts.items()})
    return Outcome(MappingProxyType(told), traded.made_abroad, _shipped(trial, network, inside, window.years))


def shares(trial: Trial, window: Window) -> Floats:
    """The share of each period that lies in the window (period,). Raises `BadValue` where none does."""
    starts = [date.fromisoformat(one) for one in trial.starts]
    last = trial.grid.start + timedelta(days=trial.grid.steps * trial.grid.days)
    found = np.zeros(len(starts))
    for k, (begin, end) in enumerate(zip(starts, [*starts[1:], last], strict=True)):
        overlap = (min(end, window.until) - max(begin, window.first)).days
        found[k] = max(0.0, overlap / max(1, (end - begin).days))
    if not found.any():
        raise BadValue(
            f"no day from {window.first} to {window.until} was simulated", place=f"trial {trial.scenario.id}",
            remedy="let the scenario reach over the years that count",
        )  # fmt: skip
    return np.minimum(found, 1.0)


@dataclass(frozen=True, slots=True)
class _Made:
    lost: Floats
    """(group, draw) USD bn a year of value added not made."""
    pressed: Floats
    """(group, draw) USD bn a year: value added times the mean square of the share missing."""


def _makers(trial: Trial, n: Network, worth: Mapping[str, Floats], inside: Floats, years: float) -> _Made:
    wanted, built = trial.series["demand"], trial.series["output"]
    draws = wanted.shape[-1]
    missing = np.einsum("p,gpd->gd", inside, (wanted - built).astype(np.float64))
    asked = np.einsum("p,gpd->gd", inside, wanted.astype(np.float64))
    share = np.divide(np.maximum(wanted - built, 0.0), wanted, out=np.zeros_like(wanted), where=wanted > 0.0)
    square = np.einsum("p,gpd->gd", inside / inside.sum(), share.astype(np.float64) ** 2)
    unit = np.stack([np.resize(worth.get(f"worth:{p}", np.zeros(1)), draws) for p in n.group_product]) / BILLION
    lost = unit * np.maximum(missing, 0.0) / years
    return _Made(lost, unit * asked / years * square)


@dataclass(frozen=True, slots=True)
class _Traded:
    sales: Floats
    market: Floats
    independent: Mapping[str, Floats]
    """Region -> (draw,) USD bn a year of magnets used there that China did not ship, at base prices."""
    made_abroad: Floats


def _traded(trial: Trial, n: Network, worth: Mapping[str, Floats], inside: Floats, window: Window) -> _Traded:
    years = window.years
    surplus = worth["weight:surplus"]
    sales = surplus * _revenue(trial, n, inside, worth["weight:rent"]) / BILLION / years
    price = content.magnet_price(n, _abroad(n)) * KG / BILLION
    final = shares(trial, Window(max(window.first, window.until - timedelta(days=365)), window.until))
    last = float((window.until - max(window.first, window.until - timedelta(days=365))).days) / 365.25
    abroad = [region for region in n.regions if region != CHINA]
    per_year = {region: _independent(trial, n, region, inside) / years for region in abroad}
    made = sum((_independent(trial, n, region, final) / last for region in abroad), np.zeros(sales.shape))
    made = np.maximum(made, 0.0)
    market = -surplus * price * made * worth["weight:stickiness"] / years
    return _Traded(sales, market, {region: price * np.maximum(t, 0.0) for region, t in per_year.items()}, made)


def _abroad(n: Network) -> str:
    """The price zone outside China."""
    return next(zone for zone in n.zones if zone != CHINA)


def _revenue(trial: Trial, n: Network, inside: Floats, rent: Floats) -> Floats:
    """USD that China's exporters take in over the window (draw,): what is priced in both zones."""
    abroad = _abroad(n)
    row = {label: k for k, label in enumerate(trial.labels["prices"])}
    draws = trial.series["exports"].shape[-1]
    total = np.zeros(draws)
    by_material: dict[str, list[int]] = {}
    for k, label in enumerate(trial.labels["exports"]):
        by_material.setdefault(label.split("|")[1], []).append(k)
    for material, rows in by_material.items():
        if f"{material}|{abroad}" not in row:
            continue
        home, out = (trial.series["prices"][row[f"{material}|{zone}"]].astype(np.float64) for zone in (CHINA, abroad))
        paid = home + rent * np.maximum(out - home, 0.0)
        left = trial.series["exports"][rows].sum(axis=0, dtype=np.float64)
        total += np.einsum("p,pd->d", inside, left * paid) * KG
    return total


def _independent(trial: Trial, n: Network, region: str, inside: Floats) -> Floats:
    """Tonnes of magnets that makers in a region used and China did not ship, stocks aside (draw,)."""
    used = content.magnets(n) * (n.group_region == n.regions.index(region))
    built = np.einsum("g,p,gpd->d", used, inside, trial.series["output"].astype(np.float64))
    arrived = np.zeros(built.shape)
    for k, label in enumerate(trial.labels["exports"]):
        to, material = label.split("|")
        if to == region and content.is_magnet(material):
            arrived += np.einsum("p,pd->d", inside, trial.series["exports"][k].astype(np.float64))
    return np.asarray(built - arrived)


def _shipped(trial: Trial, n: Network, inside: Floats, years: float) -> Mapping[str, Mapping[str, Floats]]:
    found: dict[str, dict[str, Floats]] = {}
    for k, label in enumerate(trial.labels["exports"]):
        to, material = label.split("|")
        left = np.einsum("p,pd->d", inside, trial.series["exports"][k].astype(np.float64)) / years
        for e, share in zip(n.elements, n.composition[n.materials.index(material)], strict=True):
            if share > 0.0:
                by_region = found.setdefault(e, {})
                by_region[to] = by_region.get(to, np.zeros(left.shape)) + share * left
    return found
