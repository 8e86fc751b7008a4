"""Home to the economy: adaptive regional input-output dynamics (equations in `docs/economy.md`).

`simulate` is the one function from plain arrays to arrays; `Economy` is the same on the contract of the ensemble.
"""

from __future__ import annotations

import ytterby.run.precision  # noqa: F401 - for what it sets
from ytterby.run.ario.behaviour import Behaviour
from ytterby.run.ario.economy import Economy
from ytterby.run.ario.gradient import sensitivities
from ytterby.run.ario.loading import from_frames, from_pymrio, read
from ytterby.run.ario.shocks import Destruction, Gate, Loss, Path
from ytterby.run.ario.simulation import Outcome, simulate
from ytterby.run.ario.stability import RunawayWarning, Stability
from ytterby.run.ario.table import Table

__all__ = [
    "Behaviour",
    "Destruction",
    "Economy",
    "Gate",
    "Loss",
    "Outcome",
    "Path",
    "RunawayWarning",
    "Stability",
    "Table",
    "from_frames",
    "from_pymrio",
    "read",
    "sensitivities",
    "simulate",
]
