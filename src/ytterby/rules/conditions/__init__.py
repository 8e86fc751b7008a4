"""Home to the conditions of a clause: each says yes, no or "nobody told", for many shipments at once.

The single verdict and the table of verdicts ask the same conditions.
"""

from __future__ import annotations

from ytterby.rules.conditions.base import Case, Judged
from ytterby.rules.conditions.border import activity, border, made
from ytterby.rules.conditions.ends import destination, end_use, shelf
from ytterby.rules.conditions.goods import goods
from ytterby.rules.conditions.members import members
from ytterby.rules.conditions.shares import threshold

CONDITIONS = (activity, border, made, destination, goods, threshold, end_use, shelf, members)
"""In the order in which a reader would ask."""

__all__ = [
    "CONDITIONS", "Case", "Judged", "activity", "border", "destination", "end_use", "goods", "made", "members",
    "shelf", "threshold",
]  # fmt: skip
