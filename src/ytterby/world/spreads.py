"""Home to spreads: a number of a scenario with its 5 % and 95 % points, where it comes from and why."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from ytterby.rules.clauses import Record

Real = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Kind = Literal["lognormal", "beta", "normal", "uniform", "triangular", "point"]


class Spread(Record):
    """A number with its 5 % and 95 % points; a bare number in the file is a point."""

    median: Real
    low: Real
    high: Real
    kind: Kind = "point"
    parameter: str = ""
    """Name of the weighed parameter it comes from."""
    assumed: Annotated[bool, Strict()] = False
    why: str = ""

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, raw: Any) -> Any:
        """`low` and `high` default to the median; the kind to lognormal where an end is given and all is positive."""
        if not isinstance(raw, dict) or "median" not in raw:
            return raw
        filled = {"low": raw["median"], "high": raw["median"], **raw}
        if "kind" not in raw and ("low" in raw or "high" in raw):
            numbers = [filled[name] for name in ("low", "median", "high")]
            positive = all(isinstance(number, (int, float)) and number > 0 for number in numbers)
            filled["kind"] = "lognormal" if positive else "normal"
        return filled

    @model_validator(mode="after")
    def _ordered(self) -> Spread:
        if not self.low <= self.median <= self.high:
            ends = {"low": self.low, "median": self.median, "high": self.high}
            raise PydanticCustomError("spread", "low, median and high must rise: {low}, {median}, {high}", ends)
        if self.kind == "lognormal" and self.low <= 0:
            raise PydanticCustomError("spread", "a lognormal spread must lie above 0")
        if self.kind == "beta" and not (self.low >= 0 and self.high <= 1):
            raise PydanticCustomError("spread", "a beta spread is a share: between 0 and 1")
        return self


def _point(raw: Any) -> Any:
    return {"median": raw} if isinstance(raw, (int, float)) and not isinstance(raw, bool) else raw


def _above_zero(spread: Spread) -> Spread:
    if spread.low <= 0:
        raise PydanticCustomError("spread", "must be above 0, its low end too (low {low})", {"low": spread.low})
    return spread


def _not_negative(spread: Spread) -> Spread:
    if spread.low < 0:
        raise PydanticCustomError("spread", "must not be negative, nor its low end (low {low})", {"low": spread.low})
    return spread


def _share(spread: Spread) -> Spread:
    if spread.low < 0 or spread.high > 1:
        ends = {"low": spread.low, "high": spread.high}
        raise PydanticCustomError("spread", "is a share, so both ends lie between 0 and 1 ({low} to {high})", ends)
    return spread


AnySpread = Annotated[Spread, BeforeValidator(_point)]
AboveZero = Annotated[Spread, BeforeValidator(_point), AfterValidator(_above_zero)]
NotNegative = Annotated[Spread, BeforeValidator(_point), AfterValidator(_not_negative)]
Share = Annotated[Spread, BeforeValidator(_point), AfterValidator(_share)]


def point(value: float, why: str = "") -> Spread:
    """A certain number."""
    return Spread(median=value, low=value, high=value, why=why)
