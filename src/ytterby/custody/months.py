"""Home to months: which calendar month an instant is in, by UTC, as whole numbers."""

from __future__ import annotations

import datetime
import re

import numpy as np
from numpy.typing import NDArray

from ytterby.terms.errors import BadValue

Ints = NDArray[np.int64]


def month_of(time: Ints) -> Ints:
    """Months since January 1970 of instants in microseconds UTC."""
    return time.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)


def written(month: int) -> str:
    """``2025-04`` of a month's number."""
    return f"{1970 + month // 12:04d}-{month % 12 + 1:02d}"


def number(text: str) -> int:
    """The number of a month written ``2025-04``. Raises `BadValue`."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", text.strip())
    if found is None or not 1 <= int(found[2]) <= 12:
        raise BadValue(f"'{text:.20}' is no month", remedy="write it as 2025-04")
    return (int(found[1]) - 1970) * 12 + int(found[2]) - 1


def first_instant(month: int) -> int:
    """The first microsecond of a month."""
    day = datetime.date(1970 + month // 12, month % 12 + 1, 1)
    return (day - datetime.date(1970, 1, 1)).days * 86_400_000_000
