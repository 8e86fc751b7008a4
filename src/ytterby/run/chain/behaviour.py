"""Home to the behaviour of people and firms in the chain: how fast they order, stop, catch up, substitute and invest.

None of these stands in a document we could cite; each is an assumption with a range, marked as such wherever it shows,
drawn in every ensemble and therefore ranked with everything else when one asks which figure matters.
"""

from __future__ import annotations

from ytterby.run.draws import Parameter


def _assume(name: str, median: float, low: float, high: float, unit: str, kind: str = "lognormal") -> Parameter:
    return Parameter(f"behaviour:{name}", median, low, high, unit, kind, assumed=True)


BEHAVIOUR: tuple[Parameter, ...] = (
    _assume("smoothing_days", 28.0, 14.0, 56.0, "day"),
    _assume("handling_days", 7.0, 4.0, 12.0, "day"),
    _assume("order_cap", 2.5, 1.8, 4.0, "times expected use"),
    _assume("prepare_days", 14.0, 7.0, 28.0, "day"),
    # carmakers' stocks run from two weeks to three months (recipe:inv_auto_*): lines stop while the mean is still high
    _assume("stop_spread", 0.6, 0.35, 0.85, "share of target cover", "beta"),
    _assume("festival_rush", 0.25, 0.05, 0.6, "share of orders", "beta"),
    _assume("catch_up_share", 0.5, 0.2, 0.8, "share of lost output", "beta"),
    _assume("overtime", 0.10, 0.05, 0.2, "share of demand"),
    _assume("patience_days", 180.0, 90.0, 360.0, "day"),
    _assume("price_speed", 0.005, 0.002, 0.012, "1/day"),
    _assume("price_alarm", 0.025, 0.01, 0.045, "1/day"),
    _assume("price_return", 0.008, 0.004, 0.016, "1/day"),
    _assume("arbitrage", 0.05, 0.02, 0.1, "1/day"),
    _assume("pass_through", 0.7, 0.5, 0.9, "share", "beta"),
    _assume("substitution", 2.0, 1.0, 4.0, "per unit of shortfall"),
    _assume("thrift", 0.5, 0.2, 1.2, "per ln of cost"),
    _assume("invest_rate", 0.20, 0.08, 0.4, "share of capacity per year and doubling of price"),
    _assume("capex_mine", 25e3, 10e3, 60e3, "USD per t/y"),
    _assume("capex_separation", 40e3, 20e3, 90e3, "USD per t/y"),
    _assume("capex_metal", 30e3, 15e3, 60e3, "USD per t/y"),
    _assume("capex_alloy", 30e3, 15e3, 60e3, "USD per t/y"),
    _assume("capex_magnet", 150e3, 90e3, 250e3, "USD per t/y"),
    _assume("tech_ramp", 0.6, 0.3, 0.9, "share of ramp speed lost", "beta"),
    _assume("tech_yield", 0.05, 0.02, 0.12, "share of yield lost", "beta"),
)
"""Every behavioural parameter of the model. `docs/model.md` says where each enters."""
