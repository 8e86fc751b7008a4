"""Home to the public names of Ytterby, and to nothing else.

    >>> import ytterby
    >>> sorted(ytterby.__all__) == ytterby.__all__
    True

Each name is fetched when it is first asked for: ``import ytterby`` alone imports no jax, pandas, xarray, zarr or scipy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ytterby.project import Project, init, open
    from ytterby.terms.errors import (
        BadValue,
        DateOrder,
        InputError,
        RunError,
        StoreError,
        Unbalanced,
        UnknownName,
        YtterbyError,
    )

__version__ = "0.1.0"

__all__ = [
    "BadValue",
    "DateOrder",
    "InputError",
    "Project",
    "RunError",
    "StoreError",
    "Unbalanced",
    "UnknownName",
    "YtterbyError",
    "__version__",
    "init",
    "open",
]

_PROJECT = ("Project", "init", "open")


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'ytterby' has no attribute {name!r}; it has {', '.join(__all__)}")
    home = "ytterby.project" if name in _PROJECT else "ytterby.terms.errors"
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    return __all__
