"""Home to quantities: units of UN/CEFACT Recommendation 20 to whole micrograms, decimals to parts per billion.

A JSON number arrives as a binary float. The decimal that was written is found again exactly where it has up to fifteen
digits: the whole number of micrograms whose quotient is that very float.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from types import MappingProxyType

from ytterby.custody.event import WHOLE

MASSES: Mapping[str, Fraction] = MappingProxyType(
    {
        code: Fraction(micrograms)
        for code, micrograms in {
            "MC": "1", "MGM": "1e3", "CGM": "1e4", "DG": "1e5", "GRM": "1e6", "DJ": "1e7", "HGM": "1e8", "KGM": "1e9",
            "DTN": "1e11", "TNE": "1e12", "2U": "1e12", "KTN": "1e15",
            "LBR": "453592370", "ONZ": "28349523.125", "APZ": "31103476.8", "GRN": "64798.91", "CTM": "2e5",
            "STN": "907184740000", "LTN": "1016046908800", "CWA": "45359237000", "CWI": "50802345440",
        }.items()
    }
)  # fmt: skip
"""Unit of mass -> micrograms, exactly. An ounce is 28,349,523.125: rounded to the nearest, ties to even."""

COUNTED = frozenset(("H87", "C62", "EA", "NAR", "PCE", "NMB", "PR", "SET", "DZN", "1I"))
"""Units that count pieces."""

_WHOLE_UNITS = {code: int(size) for code, size in MASSES.items() if size.denominator == 1}
_FINE = {code: float(size) for code, size in _WHOLE_UNITS.items() if size >= 1000}
_SMALL, _LARGE = 1e-3, 1e15
"""Between these a float is written without an exponent."""
_EXACT = 2**52
"""Below this no two whole numbers of micrograms are one float."""


def micrograms(quantity: float | str, unit: str) -> tuple[int, bool]:
    """(whole micrograms, whether that is exact) of a quantity in a unit of mass.

    Raises:
        KeyError: the unit is none of mass. ValueError: the text is no number.

    >>> micrograms(0.1, "KGM"), micrograms("1.5", "TNE"), micrograms(1, "ONZ")
    ((100000000, True), (1500000000000, True), (28349523, False))
    """
    if type(quantity) is int and (size := _WHOLE_UNITS.get(unit)) is not None:
        return quantity * size, True
    if type(quantity) is float and -_LARGE < quantity < _LARGE and (scale := _FINE.get(unit)) is not None:
        mass = round(quantity * scale)
        if mass / scale == quantity and -_EXACT < mass < _EXACT:
            return mass, True
    if type(quantity) is str and len(quantity) <= 15 and quantity.replace(".", "", 1).isdecimal() and unit in _FINE:
        # fifteen digits are what a float is sure to keep, so this is the number that was written
        return micrograms(float(quantity), unit)
    if type(quantity) is float and (size := _WHOLE_UNITS.get(unit)) is not None and _SMALL <= quantity < _LARGE:
        whole, _, rest = repr(quantity).partition(".")
        return _rounded(int(whole + rest) * size, 10 ** len(rest))
    exact = decimal(quantity) * MASSES[unit]
    return round(exact), exact.denominator == 1


def _rounded(over: int, under: int) -> tuple[int, bool]:
    """A fraction of two whole numbers to the nearest, ties to even; and whether it is one."""
    whole, rest = divmod(over, under)
    return whole + (2 * rest > under or (2 * rest == under and whole % 2 == 1)), rest == 0


def decimal(quantity: float | str) -> Fraction:
    """The decimal that was written. Raises `ValueError`.

    >>> decimal(0.1), decimal("0.10")
    (Fraction(1, 10), Fraction(1, 10))
    """
    text = repr(quantity) if type(quantity) is float else str(quantity).strip()
    if len(text) > 40:
        raise ValueError("a number of more than 40 signs")
    try:
        made = Decimal(text)
        # a huge exponent would make a number of a billion digits of a text of ten signs
        if not made.is_finite() or not -60 <= made.adjusted() <= 60:
            raise ValueError("not a number within reach")
        return Fraction(made)
    except InvalidOperation:
        raise ValueError("not a number") from None


def parts_per_billion(fraction: float | str) -> int:
    """A mass fraction in parts per billion, rounded to the nearest. Raises `ValueError`."""
    if type(fraction) is str and len(fraction) <= 11 and fraction.replace(".", "", 1).isdecimal():
        return round(float(fraction) * WHOLE)
    return round(decimal(fraction) * WHOLE)


def written(number: int, places: int = 9) -> str:
    """A whole number of 10^-places as the shortest decimal.

    >>> written(51_200_000), written(-5, 2), written(0)
    ('0.0512', '-0.05', '0')
    """
    sign, digits = ("-" if number < 0 else ""), str(abs(number)).rjust(places + 1, "0")
    whole, rest = digits[:-places], digits[-places:].rstrip("0")
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"
