"""Home to briefs: a document's core viewpoint and groups of points, each cited to passages and checked against them.

`brief` makes one and verifies it before it is handed out; `verify` checks any brief, whoever made it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_WHERE = {
    "Brief": "shape",
    "Dropped": "shape",
    "Group": "shape",
    "Point": "shape",
    "brief": "compose",
    "draft": "compose",
    "from_raw": "compose",
    "verify": "verifying",
}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    """Public names are fetched when first asked for, so that importing the room costs nothing."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
