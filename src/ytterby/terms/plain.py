"""Home to plain values: anything of ours as JSON knows it."""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any


def plain(value: Any, inline: Callable[[Any], Any] | None = None) -> Any:
    """`value` as JSON knows it: records become objects, days ISO text, NaN null.

    `inline` may say what stands for a value before it is taken for a record; it hands back what it leaves alone.

    >>> plain({"day": datetime.date(2025, 4, 4), "share": float("nan"), "elements": ("Dy", "Tb")})
    {'day': '2025-04-04', 'share': None, 'elements': ['Dy', 'Tb']}
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item, inline) for key, item in value.items()}
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "to_dict"):
        return plain(value.to_dict(), inline)
    if hasattr(value, "model_dump"):
        return plain(value.model_dump(), inline)
    told = value if inline is None else inline(value)
    if told is not value:
        return plain(told, inline)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name), inline) for field in dataclasses.fields(value)}
    if hasattr(value, "tolist"):
        return plain(value.tolist(), inline)
    if isinstance(value, Iterable):
        return [plain(item, inline) for item in value]
    return str(value)
