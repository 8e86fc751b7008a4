"""Home to stocks in use: what was put into service, by the year it was made, until it leaves."""

from __future__ import annotations

from ytterby.world.stocks.cohorts import Cohorts, inflow_driven, stock_driven
from ytterby.world.stocks.entry import END, MIDDLE, START, Entry, through
from ytterby.world.stocks.erlang import Erlang
from ytterby.world.stocks.exponential import Exponential
from ytterby.world.stocks.fixed import Fixed
from ytterby.world.stocks.folded import Folded
from ytterby.world.stocks.lifetime import Lifetime
from ytterby.world.stocks.lognormal import Lognormal
from ytterby.world.stocks.normal import Normal
from ytterby.world.stocks.weibull import Weibull

__all__ = [  # noqa: RUF022 - in the order of characters, as everywhere
    "Cohorts",
    "END",
    "Entry",
    "Erlang",
    "Exponential",
    "Fixed",
    "Folded",
    "Lifetime",
    "Lognormal",
    "MIDDLE",
    "Normal",
    "START",
    "Weibull",
    "inflow_driven",
    "stock_driven",
    "through",
]
