"""Home to the contract of a lifetime: how much of what was made is still in use at an age.

A member is a frozen dataclass with slots whose fields are its parameters: scalars, or arrays that broadcast against the
series (element, region, draw ...). With ``by_cohort`` their first axis is the cohort: what is made later lives longer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ytterby.terms.errors import BadValue

Floats = NDArray[np.float64]

Amounts: TypeAlias = Any
"""A number or an array of numbers as it is given; an array of doubles once the lifetime is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime(ABC):
    """How long products serve. Parameters are in years unless a member says otherwise."""

    by_cohort: bool = False
    """Whether the first axis of every parameter that has axes is the cohort."""

    zero_is_certain: ClassVar[bool] = False
    """Whether 0 is a lawful value of the parameters (else all must be above it)."""

    def __post_init__(self) -> None:
        """Make the parameters arrays.

        Raises:
            BadValue: a parameter that is no number, infinite or not above 0.
        """
        for name, given in self.parameters().items():
            place = f"lifetime {type(self).__name__.lower()}, {name}"
            try:
                values = np.asarray(given, dtype=np.float64)
            except (TypeError, ValueError):
                raise BadValue("not numbers", place=place, remedy="give a number or an array of numbers") from None
            low = np.min(values, initial=np.inf)
            if not np.all(np.isfinite(values)) or low < 0.0 or (low == 0.0 and not self.zero_is_certain):
                least = "0 or more" if self.zero_is_certain else "above 0"
                raise BadValue(f"{low:g} is no lifetime's parameter", place=place, remedy=f"give numbers {least}")
            object.__setattr__(self, name, values)

    def parameters(self) -> dict[str, Any]:
        """The parameters by name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "by_cohort"}

    @abstractmethod
    def survival(self, age: Floats) -> Floats:
        """Share still in use at `age` years, (age, ...) broadcast against the parameters; 1 where the age is 0.

        Not so for a normal lifetime, which is never cut at 0.
        """

    @abstractmethod
    def mean(self) -> Floats:
        """Mean years in use, of the parameters' shape."""

    def cohort(self, row: int) -> Self:
        """The lifetime of one cohort, without a cohort axis."""
        if not self.by_cohort:
            return self
        chosen: Mapping[str, Any] = {name: v[row] if np.ndim(v) else v for name, v in self.parameters().items()}
        return replace(self, by_cohort=False, **chosen)

    def series(self, part: slice, width: int) -> Self:
        """The lifetime of some of `width` series, parameters cut on their last axis (all axes but time's made one)."""
        lead = 1 if self.by_cohort else 0

        def cut(values: Floats) -> Floats:
            return values[..., part] if values.ndim > lead and values.shape[-1] == width else values

        made: dict[str, Any] = {name: cut(values) for name, values in self.parameters().items()}
        return replace(self, **made)

    def flattened(self, shape: tuple[int, ...], cohorts: int) -> Self:
        """The lifetime with the axes after the cohort's made one, of `shape` together.

        Raises:
            BadValue: parameters that do not fit the series.
        """
        lead = (cohorts,) if self.by_cohort else ()
        width = int(np.prod(shape))
        made: dict[str, Any] = {}
        for name, values in self.parameters().items():
            if values.ndim == 0:
                made[name] = values
                continue
            try:
                whole = np.broadcast_to(values, (*lead, *shape))
            except ValueError:
                raise BadValue(
                    f"{name} of shape {values.shape} does not fit series of shape {(*lead, *shape)}",
                    place=f"lifetime {type(self).__name__.lower()}",
                    remedy="give a scalar or an array that broadcasts; with by_cohort its first axis is the cohort",
                ) from None
            made[name] = whole.reshape((*lead, width))
        return replace(self, **made)


def positive(values: ArrayLike) -> Floats:
    """Ages never below 0, for lifetimes that begin at 0."""
    return np.maximum(np.asarray(values, dtype=np.float64), 0.0)
