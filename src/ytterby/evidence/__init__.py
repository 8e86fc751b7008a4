"""Home to what is claimed: the claim, the baseline tables as claims, and what they weigh together."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_WHERE = {
    "Claim": "claims",
    "Finding": "arithmetic",
    "Source": "claims",
    "Weighed": "weigh",
    "load": "baseline",
}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    """Public names are fetched when first asked for, so that importing the room costs nothing."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
