"""Home to the estimated table: a small input-output table of the world's regions, made from public aggregates.

Regions are those in which `data/world` counts demand, sectors fourteen. Everything is in `data/economy`, every row of
it from memory (access `recall`, confidence C): the table is assumed as a whole, and says so. `docs/economy.md` tells
how it is made: value added from GDP and sector shares, output from shares of value added, who buys what from world-mean
coefficients, who sells to whom from import shares and suppliers' size, and a biproportional fit (RAS: Stone 1961;
Bacharach 1970) that makes rows and columns add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ytterby.run.ario.table import Table
from ytterby.run.concordance import rows
from ytterby.terms.errors import Unbalanced
from ytterby.world.demand import proportional_fit

Floats = NDArray[np.float64]

UNIT = "USD"
BILLION = 1e9
MOST_IMPORTED = 0.9
"""Share of a use that is imported at the most, however open the region."""
CLOSE = 1e-6
"""Largest share by which a row may miss its output after the fit; `Table.of` would refuse 1e-3."""


@cache
def estimated() -> Table:
    """The table, USD a year, marked as assumed.

    Raises:
        Unbalanced: rows and columns cannot be made to add up.
    """
    regions, sectors, structure = rows("regions"), rows("sectors"), rows("structure")
    codes, names = [r["region"] for r in regions], [s["sector"] for s in sectors]
    gdp = BILLION * _column(regions, "gdp")
    shares = np.array([_column(structure, code) for code in codes])
    added = gdp[:, None] * shares / shares.sum(axis=1, keepdims=True)
    output = added / _column(sectors, "value_added")
    seed = np.concatenate([_deliveries(output, sectors), _final(output, regions, sectors, gdp)], axis=1)
    used = np.concatenate([(output - added).ravel(), _absorbed(gdp, regions)])
    # the fit keeps the sums of the rows it is given
    seed *= (output.ravel() / seed.sum(axis=1))[:, None]
    made = proportional_fit(seed, used, rounds=600)
    missed = np.abs(made.sum(axis=1) / output.ravel() - 1.0)
    if missed.max() > CLOSE:
        worst = int(missed.argmax())
        raise Unbalanced(
            f"the fit leaves {missed[worst]:.1e} of an output unexplained",
            place=f"data/economy, {codes[worst // len(names)]}|{names[worst % len(names)]}",
            remedy="its shares of GDP and of value added ask for more than is used anywhere",
        )
    count = output.size
    labels = [(code, name) for code in codes for name in names]
    return Table.of(made[:, :count], made[:, count:], None, labels, codes, unit=UNIT, assumed=True)


def _column(table: tuple[Mapping[str, str], ...], name: str) -> Floats:
    return np.array([float(line[name] or "nan") for line in table])


def _bought() -> Floats:
    """(input, sector) share of an input in what a sector buys."""
    table = rows("technology")
    made = np.array([[float(line[other["input"]]) for other in table] for line in table])
    return np.asarray(made / made.sum(axis=0))


def _sources(output: Floats, imported: Floats, openness: Floats) -> Floats:
    """(origin, input, customer's region) share of each origin in what a region uses of an input.

    Imports come from the other regions as these make the input: no distances, no old ties.
    """
    count = len(output)
    abroad = output[:, :, None] * (1.0 - np.eye(count))[:, None, :]
    abroad /= abroad.sum(axis=0)
    share = np.minimum(imported[:, None] * openness[None, :], MOST_IMPORTED)
    home = np.eye(count)[:, None, :] * (1.0 - share)[None]
    return np.asarray(home + share[None] * abroad)


def _deliveries(output: Floats, sectors: tuple[Mapping[str, str], ...]) -> Floats:
    """(N, N) first guess of what each industry sells to each."""
    spent = output * (1.0 - _column(sectors, "value_added"))
    wanted = spent[:, None, :] * _bought()[None]
    sources = _sources(output, _column(sectors, "imported"), _column(rows("regions"), "openness"))
    count = output.size
    return np.einsum("opc,cps->opcs", sources, wanted).reshape(count, count)


def _final(
    output: Floats, regions: tuple[Mapping[str, str], ...], sectors: tuple[Mapping[str, str], ...], gdp: Floats
) -> Floats:
    """(N, m) first guess of what each industry sells to final demand of each region."""
    basket = _column(sectors, "final")
    wanted = _absorbed(gdp, regions)[:, None] * basket / basket.sum()
    sources = _sources(output, _column(sectors, "imported"), _column(regions, "openness"))
    return np.einsum("opc,cp->opc", sources, wanted).reshape(output.size, -1)


def _absorbed(gdp: Floats, regions: tuple[Mapping[str, str], ...]) -> Floats:
    """(m,) final demand: GDP less net exports; the region without a figure closes the world."""
    abroad = _column(regions, "net_exports") / 100.0 * gdp
    return gdp - np.where(np.isnan(abroad), -np.nansum(abroad), abroad)
