"""Home to the Equal Earth projection: areas true, the poles a line, continents with the shape people know.

Šavrič, B., Patterson, T., Jenny, B. (2019). The Equal Earth map projection. International Journal of Geographical
Information
Science 33(3), 454-465 (online 2018). doi:10.1080/13658816.2018.1504949
"""

from __future__ import annotations

import math

A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
"""Coefficients of the polynomial, from the paper."""

_M = math.sqrt(3) / 2


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """Plane coordinates on a sphere of radius 1, x to the east and y to the north.

    With sin θ = (√3/2) sin φ: x = 2√3 λ cos θ / (3 (9 A4 θ⁸ + 7 A3 θ⁶ + 3 A2 θ² + A1)), y = A4 θ⁹ + A3 θ⁷ + A2 θ³ +
    A1 θ.

    Args:
        longitude: degrees, -180 to 180.
        latitude: degrees, -90 to 90.
    """
    theta = math.asin(_M * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square**3
    slope = A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square)
    x = math.radians(longitude) * math.cos(theta) / (_M * slope)
    return x, theta * (A1 + A2 * square + sixth * (A3 + A4 * square))


def unproject(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude, degrees, of a point of `equal_earth`; Newton's method, as in the paper."""
    theta = y
    for _ in range(20):
        square = theta * theta
        sixth = square**3
        slope = A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square)
        step = (theta * (A1 + A2 * square + sixth * (A3 + A4 * square)) - y) / slope
        theta -= step
        if abs(step) < 1e-14:
            break
    square = theta * theta
    slope = A1 + 3 * A2 * square + square**3 * (7 * A3 + 9 * A4 * square)
    latitude = math.asin(min(1.0, max(-1.0, math.sin(theta) / _M)))
    return math.degrees(_M * x * slope / math.cos(theta)), math.degrees(latitude)
