"""Home to the minima: hard by default, smooth for gradients.

With `width` 0 each is the exact hard one. With `width` w > 0 the minimum of 1 and r is r (1 + r^(1/w))^(-w): smooth,
never above the hard one (so no stock is overdrawn), and it converges to it as w goes to 0 (the gap is largest at r = 1,
where it is 1 - 2^(-w)).
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

import ytterby.run.precision  # noqa: F401 - for what it sets


def fulfilment(have: Array, need: Array, width: float = 0.0) -> Array:
    """Share of a need that can be met, min(1, have / need), in [0, 1]; 1 where nothing is needed."""
    wanted = need > 0.0
    ratio = jnp.where(wanted, have / jnp.where(wanted, need, 1.0), 1.0)
    if width == 0.0:
        return jnp.clip(ratio, 0.0, 1.0)
    safe = jnp.clip(ratio, 1e-12, 1e6)
    # exp/log form: r^(1/w) overflows for a large r
    soft = jnp.exp(-width * jnp.logaddexp(0.0, jnp.log(safe) / width)) * jnp.clip(ratio, 0.0, 1e6)
    return jnp.where(wanted, jnp.where(ratio > 0.0, soft, 0.0), 1.0)


def least(a: Array, b: Array, width: float = 0.0) -> Array:
    """Smaller of two arrays that are not negative."""
    if width == 0.0:
        return jnp.minimum(a, b)
    return b * fulfilment(a, b, width)


def positive(a: Array, scale: Array | float = 1.0, width: float = 0.0) -> Array:
    """max(a, 0); smooth: (a + sqrt(a^2 + (w scale)^2)) / 2, which is at most w scale / 2 above the hard one."""
    if width == 0.0:
        return jnp.maximum(a, 0.0)
    return 0.5 * (a + jnp.sqrt(a * a + (width * scale) ** 2 + 1e-300))
