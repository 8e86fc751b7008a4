"""Home to what binds: where no plan keeps the limits, which of them stand in the way and by how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ytterby.decisions.hedge.case import Case
from ytterby.decisions.hedge.programme import LIMITS, Limits, solve
from ytterby.decisions.hedge.solver import Infeasible
from ytterby.terms.errors import InputError

UNITS = {"cash": "USD", "storage": "kg", "service": "share of the plan"}


@dataclass(frozen=True, slots=True)
class Binding:
    """By how much limits would have to give."""

    together: dict[str, float]
    """The least they give when all may, each as a share of itself; only those that must."""
    alone: dict[str, float | None]
    """What each would have to give if the others held; None where it alone cannot do it."""


def binding(case: Case, limits: Limits) -> Binding:
    """Relax the limits together and one by one (elastic programming: Brown and Graves 1975; Chinneck 2008, ch. 6)."""
    may = [name for name in LIMITS if _bites(name, limits)]
    alone: dict[str, float | None] = {}
    for name in may:
        try:
            alone[name] = solve(case, limits, give=(name,)).slack[name]
        except Infeasible:
            alone[name] = None
    try:
        found = solve(case, limits, give=tuple(may)).slack
    except Infeasible:
        found = {}
    together = {name: value for name, value in found.items() if value > 1e-6 * max(_value(name, limits), 1e-6)}
    return Binding(together, {name: value for name, value in alone.items() if value is None or value > 0})


def refused(case: Case, limits: Limits, found: Binding) -> InputError:
    """The error that tells a user which limits bind."""
    named = [f"{name} {_told(name, _value(name, limits))}" for name in LIMITS if _bites(name, limits)]
    ways = [
        f"{name} to {_told(name, _moved(name, limits, value))} alone"
        for name, value in found.alone.items()
        if value is not None and (name != "service" or value < limits.service + 1e-9)
    ]
    if not ways and found.together:
        joined = (f"{name} to {_told(name, _moved(name, limits, value))}" for name, value in found.together.items())
        ways = [" with ".join(joined)]
    remedy = f"change {', or '.join(ways)}" if ways else "offer more options, or ask for less service"
    return InputError(
        f"no plan keeps these limits together: {', '.join(named)}", place=f"company {case.company.id}", remedy=remedy
    )


def _bites(name: str, limits: Limits) -> bool:
    if name == "service":
        return limits.service > 0.0
    return bool(np.isfinite(_value(name, limits)))


def _value(name: str, limits: Limits) -> float:
    return float(getattr(limits, name))


def _moved(name: str, limits: Limits, by: float) -> float:
    return _value(name, limits) + (-by if name == "service" else by)


def _told(name: str, value: float) -> str:
    # rounded to the side that works
    if name == "service":
        return f"{np.floor(value * 1e4) / 1e4:.2%}"
    return f"{np.ceil(value):,.0f} {UNITS[name]}"
