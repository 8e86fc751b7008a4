"""Home to the words of the field: elements, materials, stages, places, units, periods, the text fold and the errors."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_WHERE = {
    "BadValue": "errors",
    "DateOrder": "errors",
    "ELEMENTS": "elements",
    "Element": "elements",
    "Grade": "materials",
    "InputError": "errors",
    "Material": "materials",
    "Period": "periods",
    "Place": "places",
    "RunError": "errors",
    "STAGES": "stages",
    "Stage": "stages",
    "StoreError": "errors",
    "Unbalanced": "errors",
    "UnknownName": "errors",
    "YtterbyError": "errors",
    "convert": "units",
    "element": "elements",
    "fold": "text",
    "from_reo": "elements",
    "grade": "materials",
    "grades": "materials",
    "material": "materials",
    "metal_in_oxide": "elements",
    "normalise": "units",
    "oxide_name": "elements",
    "oxide_per_metal": "elements",
    "parse_period": "periods",
    "place": "places",
    "stage": "stages",
    "to_reo": "elements",
}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    """Public names are fetched when first asked for, so that importing the room costs nothing."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return __all__
