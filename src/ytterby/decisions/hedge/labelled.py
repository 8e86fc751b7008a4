"""Home to labelled arrays, as linopy wants them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def span(length: int, name: str) -> Any:
    """A dimension of a length."""
    import pandas as pd

    return pd.RangeIndex(length, name=name)


def array(values: Any, name: str, dims: tuple[str, ...] | None = None) -> Any:
    """Values along one dimension, or along `dims`."""
    import xarray as xr

    data = np.asarray(values, dtype=np.float64)
    named = dims or (name,)
    coords = {dim: np.arange(size) for dim, size in zip(named, data.shape, strict=True)}
    return xr.DataArray(data, dims=named, coords=coords)


def chosen(rows: list[int]) -> Any:
    """Rows to be picked of a dimension, one for each pair."""
    import xarray as xr

    return xr.DataArray(np.array(rows, dtype=np.int64), dims=("pair",), coords={"pair": np.arange(len(rows))})


def padded(materials: list[int], count: int) -> tuple[NDArray[np.int64], Floats]:
    """Rows by material, (material, slot), and 1 where there is one."""
    listed = [[at for at, one in enumerate(materials) if one == m] for m in range(count)]
    width = max((len(rows) for rows in listed), default=0) or 1
    rows = np.array([rows + [0] * (width - len(rows)) for rows in listed], dtype=np.int64)
    mask = np.array([[1.0] * len(found) + [0.0] * (width - len(found)) for found in listed])
    return rows, mask


def pick(rows: NDArray[np.int64], name: str) -> Any:
    """Rows to be picked of a dimension, one for each (material, slot)."""
    import xarray as xr

    coords = {"material": np.arange(rows.shape[0]), "slot": np.arange(rows.shape[1])}
    return xr.DataArray(rows, dims=("material", "slot"), coords=coords)


def cube(values: Floats) -> Any:
    """An array over material, slot, draw and month."""
    return array(values, "material", dims=("material", "slot", "draw", "month"))


def table(values: Floats) -> Any:
    """An array over material, slot and month."""
    return array(values, "material", dims=("material", "slot", "month"))
