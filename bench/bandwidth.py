"""Home to memory bandwidth: the triad a = b + q c of STREAM, one thread, and on the device that jax uses."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from numba import njit

from bench.stopwatch import seconds

BIG = 64 * 2**20
"""Bytes of each array of the triad in memory: several times any core's cache."""


@njit(error_model="numpy")
def _triad(a, b, c, q, times):  # type: ignore[no-untyped-def]
    for _ in range(times):
        for k in range(a.size):
            a[k] = b[k] + q * c[k]


def triad(size: int, repeats: int = 7) -> float:
    """Bytes a second with three float64 arrays of `size` bytes together, best of `repeats`.

    24 bytes a row are counted (two reads, one write), as STREAM does.
    """
    rows = max(1024, size // 24)
    a, b, c = np.zeros(rows), np.ones(rows), np.ones(rows)
    # enough turns for a few milliseconds, so that the clock and the call do not count
    times = max(1, BIG // (24 * rows))
    _triad(a, b, c, 2.0, 1)
    return 24.0 * rows * times / min(seconds(lambda: _triad(a, b, c, 2.0, times)) for _ in range(repeats))


def of_device(repeats: int = 7) -> float:
    """Bytes a second of the triad on the device that jax uses, all of it, in arrays of BIG bytes; best of `repeats`."""
    rows = BIG // 4
    # the result takes the place of the last one: new memory would be handed out page by page
    run = jax.jit(lambda a, b, c: b + 2.0 * c, donate_argnums=0)
    held, b, c = (jnp.full(rows, value, jnp.float32) for value in (0.0, 1.0, 2.0))

    def turn() -> None:
        nonlocal held
        held = jax.block_until_ready(run(held, b, c))

    turn()
    return 12.0 * rows / min(seconds(turn) for _ in range(repeats))
