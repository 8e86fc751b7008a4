"""Home to the minima: hard by default, smooth for gradients.

With `width` 0 each is the exact hard one. With `width` w > 0 the minimum of 1 and r is r (1 + r^(1/w))^(-w): smooth,
never above the hard one (so no stock is overdrawn), and it converges to it as w goes to 0 (the gap is largest at r = 1,
where it is 1 - 2^(-w)). What is not negative by its making, `remainder`, has the derivative of what it is made from in
both forms: cutting rounding off is no decision of the model.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

import ytterby.run.precision  # noqa: F401 - for what it sets

TRACE = 1e-15
"""Amount (t, t/day) below which, in the smooth form, there is nothing: slopes go with its inverse."""


def fulfilment(have: Array, need: Array, width: float = 0.0) -> Array:
    """Share of a need that can be met, min(1, have / need), in [0, 1]; 1 where nothing is needed."""
    # the slope by the need is have / need^2: below the trace it is rounding alone, and grows from step to step
    wanted = need > (0.0 if width == 0.0 else TRACE)
    ratio = jnp.where(wanted, have / jnp.where(wanted, need, 1.0), 1.0)
    if width == 0.0:
        return jnp.clip(ratio, 0.0, 1.0)
    safe = jnp.clip(ratio, 1e-12, 1e6)
    # exp/log form: r^(1/w) overflows for a large r; `where`, not `clip`: at 0 the slope is the one of r
    inside = jnp.where(ratio < 0.0, 0.0, jnp.where(ratio < 1e6, ratio, 1e6))
    soft = jnp.exp(-width * jnp.logaddexp(0.0, jnp.log(safe) / width)) * inside
    return jnp.where(wanted, soft, 1.0)


def least(a: Array, b: Array, width: float = 0.0) -> Array:
    """Smaller of two arrays that are not negative."""
    if width == 0.0:
        return jnp.minimum(a, b)
    return b * fulfilment(a, b, width)


def positive(a: Array, scale: Array | float = 1.0, width: float = 0.0) -> Array:
    """max(a, 0); smooth: (a + sqrt(a^2 + (w scale)^2)) / 2, which is at most w scale / 2 above the hard one."""
    if width == 0.0:
        return jnp.maximum(a, 0.0)
    rounded = (width * scale) ** 2 + 0.0 * a
    some = a * a + rounded > TRACE**2
    # a root of 0 has no slope; where nothing is at stake the result is 0 and stays there
    root = jnp.sqrt(jnp.where(some, a * a + rounded, 1.0))
    # of a negative `a` the sum with its root would leave nothing but rounding
    below = rounded / (2.0 * (root - jnp.minimum(a, 0.0)))
    return jnp.where(some, jnp.where(a < 0.0, below, 0.5 * (a + root)), 0.0)


def ratio(part: Array, whole: Array, otherwise: Array | float, width: float = 0.0) -> Array:
    """A part over its whole; `otherwise` where there is nothing of it."""
    some = whole > (0.0 if width == 0.0 else TRACE)
    return jnp.where(some, part / jnp.where(some, whole, 1.0), otherwise)


def longer(a: Array, span: float, width: float = 0.0) -> Array:
    """The longer of some spans and one that is no variable, max(a, span); smooth: span + positive(a - span)."""
    if width == 0.0:
        return jnp.maximum(span, a)
    return span + positive(a - span, span, width)


def clamp(a: Array, low: float, high: float, width: float = 0.0) -> Array:
    """`a` kept between two bounds; smooth: low + positive(a - low) - positive(a - high), strictly between them."""
    if width == 0.0:
        return jnp.clip(a, low, high)
    return low + positive(a - low, 1.0, width) - positive(a - high, 1.0, width)


def remainder(a: Array, width: float = 0.0) -> Array:
    """What is left over, which only rounding could make negative: max(a, 0) with the slope 1 where `width` is not 0."""
    if width == 0.0:
        return jnp.maximum(a, 0.0)
    return a + jax.lax.stop_gradient(jnp.maximum(-a, 0.0))


def since(later: Array, earlier: Array, span: float, width: float = 0.0) -> Array:
    """1 once `later` has come to `earlier`, else 0; smooth: the logistic of their distance over width x span."""
    if width == 0.0:
        return jnp.where(later >= earlier, 1.0, 0.0)
    return jax.nn.sigmoid((later - earlier) / (width * span))
