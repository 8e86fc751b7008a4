"""Home to the formulas of risk indices, on plain arrays: the last axis, if there is one more, is the draw.

`docs/indices.md` writes each out with its source. Shares are fractions; where there is nothing, an index is NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MIDDLE = 0.5
"""Political instability of a country without a score: the middle of the scale (as in GeoPolRisk 2.0)."""
WORST, BEST = -2.5, 2.5
"""Ends of the scale of the Worldwide Governance Indicators."""


def shares(amounts: Floats) -> Floats:
    """(country[, draw]) amounts as shares of their sum; NaN where the sum is 0."""
    total = amounts.sum(axis=0)
    return np.asarray(np.divide(amounts, total, out=np.full(amounts.shape, np.nan), where=total > 0.0))


def hhi(amounts: Floats) -> Floats:
    """The Herfindahl-Hirschman index, 0 to 1: the sum of squared shares (Herfindahl 1950; Hirschman 1945).

    >>> float(hhi(np.array([50.0, 50.0])))
    0.5
    """
    return np.asarray((shares(amounts) ** 2).sum(axis=0))


def instability(score: Floats) -> Floats:
    """Governance score -2.5 to 2.5 as instability 0 (best) to 1 (worst).

    >>> float(instability(np.array(-0.4411)).round(4))
    0.5882
    """
    return np.asarray((BEST - score) / (BEST - WORST))


def import_dependence(imported: Floats, home: Floats) -> Floats:
    """Share of what is taken in that comes from abroad, 0 to 1.

    Args:
        imported: (origin[, draw]) taken in from each other country.
        home: ([draw]) taken in from one's own.
    """
    total = imported.sum(axis=0) + home
    return np.asarray(np.divide(imported.sum(axis=0), total, out=np.full(total.shape, np.nan), where=total > 0.0))


def import_reliance(imported: Floats, made: Floats, exported: Floats) -> Floats:
    """Net imports over apparent consumption, held within 0 to 1 (European Commission 2017, eq. for IR; USGS).

    Args:
        imported: ([draw]) all imports.
        made: ([draw]) domestic production.
        exported: ([draw]) all exports.
    """
    net, used = imported - exported, made + imported - exported
    share = np.divide(net, used, out=np.full(used.shape, np.nan), where=used > 0.0)
    return np.asarray(np.clip(share, 0.0, 1.0))


def import_risk(imported: Floats, g: Floats, made: Floats) -> Floats:
    """What is imported from each origin, weighted by its instability, over all that is to be had.

    ``sum_i M_i g_i / (sum_i M_i + P)``: Gemechu et al. (2016); Koyamparambath et al. (2022), GeoPolRisk.

    Args:
        imported: (origin[, draw]) M.
        g: (origin[, draw]) instability 0 to 1; NaN: no score, taken as the middle.
        made: ([draw]) P, domestic production.
    """
    weight = np.where(np.isnan(g), MIDDLE, g)
    total = imported.sum(axis=0) + made
    risk = (imported * weight).sum(axis=0)
    return np.asarray(np.divide(risk, total, out=np.full(np.shape(total), np.nan), where=np.asarray(total) > 0.0))


def geopolrisk(world: Floats, imported: Floats, g: Floats, made: Floats) -> Floats:
    """The GeoPolRisk score: HHI of the world's production times the import risk, 0 to 1."""
    return np.asarray(hhi(world) * import_risk(imported, g, made))


def hhi_wgi(amounts: Floats, scaled: Floats, t: Floats) -> Floats:
    """Concentration weighted by governance and trade: ``sum_c S_c^2 WGI_c t_c`` (European Commission 2017).

    Args:
        amounts: (country[, draw]) what each supplies.
        scaled: (country[, draw]) governance 0 (best) to 10 (worst).
        t: (country,) trade factor: 1 usual, 0.8 within the Union, above 1 under export taxes, quotas or bans.
    """
    factor = t.reshape(-1, *(1,) * (amounts.ndim - 1))
    weight = scaled if scaled.ndim == amounts.ndim else scaled.reshape(-1, *(1,) * (amounts.ndim - 1))
    return np.asarray((shares(amounts) ** 2 * weight * factor).sum(axis=0))


def supply_risk(
    world: Floats, sourcing: Floats, reliance: Floats, recycled: Floats | float, substitution: Floats | float
) -> Floats:
    """Supply risk of the EU: ``(HHI_GS IR/2 + HHI_EU (1 - IR/2)) (1 - EoL-RIR) SI_SR`` (2017; kept in 2020 and 2023).

    Args:
        world: `hhi_wgi` of the world's supply.
        sourcing: `hhi_wgi` of what the Union takes in, its own included.
        reliance: import reliance of the Union, 0 to 1.
        recycled: end-of-life recycling input rate, 0 to 1.
        substitution: substitution index of supply risk, 0 to 1.
    """
    half = reliance / 2.0
    return np.asarray((world * half + sourcing * (1.0 - half)) * (1.0 - recycled) * substitution)
