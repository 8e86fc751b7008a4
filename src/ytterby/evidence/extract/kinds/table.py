"""Home to precedence: which kinds a figure of each dimension may be, first come first served."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ytterby.evidence.extract.kinds import (
    approvals,
    changes,
    counts,
    dependencies,
    durations,
    forecasts,
    intensities,
    money,
    outputs,
    prices,
    ranks,
    shares,
    tariffs,
    thresholds,
    volumes,
)
from ytterby.evidence.extract.kinds.contract import Decider

_AMOUNTS: tuple[Decider, ...] = (thresholds.decide, intensities.decide, volumes.decide, outputs.decide)

DECIDERS: Mapping[str, tuple[Decider, ...]] = MappingProxyType(
    {
        "percent": (
            tariffs.decide,
            approvals.decide,
            thresholds.decide,
            intensities.content,
            changes.decide,
            dependencies.selfsufficient,
            dependencies.decide,
            forecasts.replaced,
            shares.decide,
            forecasts.otherwise,
        ),
        "points": (tariffs.decide, changes.decide),
        "ratio": (changes.decide,),
        "zero": (volumes.nothing,),
        "mass": _AMOUNTS,
        "mass_rate": _AMOUNTS,
        "price": (prices.decide,),
        "money": (prices.decide, money.decide),
        "duration": (durations.decide,),
        "count": (thresholds.decide, intensities.parts, counts.decide),
        "other": (thresholds.decide, intensities.parts, counts.decide),
        "length": (thresholds.decide,),
        "rank": (ranks.decide,),
    }
)
"""By dimension of the quantity: the kinds in the order in which they may take it. A dimension that is not here gives
no claim."""
