"""Home to the weights: what a car not built, a tonne sold or a rival's loss counts for, in dollars, and why."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from pydantic import Field

from ytterby.decisions.bargain.games import Floats
from ytterby.decisions.bargain.table import Bargain
from ytterby.rules import pages
from ytterby.rules.clauses import Record, Word
from ytterby.run.draws import Parameter, draw
from ytterby.terms.errors import UnknownName
from ytterby.world.scenarios import Title
from ytterby.world.spreads import AnySpread, Spread


class Product(Record):
    """What a unit of a product that is not built costs its country: value added, USD."""

    usd: AnySpread


class Weight(Record):
    """A weight of the payoffs."""

    name: Title
    unit: Title
    value: AnySpread


class Weights(Record):
    """All of them."""

    products: dict[Word, Product] = Field(min_length=1)
    """World product -> its worth."""
    weights: dict[Word, Weight] = Field(min_length=1)


def load() -> Weights:
    """The package's weights. Raises `BadValue` for a broken file."""
    return pages.read(Path(str(resources.files("ytterby"))) / "data" / "weights" / "bargain.yaml", Weights)


def spreads(bargain: Bargain) -> dict[str, Spread]:
    """Every number payoffs hang on beside the simulation, by name: ``worth:…``, ``weight:…``, ``payment:…``.

    Raises:
        UnknownName: the bargain changes a weight that there is not.
    """
    package = load()
    for name in bargain.weights:
        if name not in package.weights:
            raise UnknownName(name, package.weights, "weight", f"bargain {bargain.id}, weights")
    worths = {product: one.usd for product, one in package.products.items()} | bargain.worths
    found = {f"worth:{product}": usd for product, usd in worths.items()}
    found |= {f"weight:{name}": bargain.weights.get(name, one.value) for name, one in package.weights.items()}
    for payment in bargain.payments:
        found |= {f"payment:{payment.id}:{side}": one for side, one in payment.worth.items()}
    return found


def drawn(bargain: Bargain, seed: int, draws: int) -> Mapping[str, Floats]:
    """Their values, (draw,) each: a name has the same draws in every bargain of one seed."""
    parameters = [_parameter(name, one) for name, one in spreads(bargain).items()]
    return {name.removeprefix("bargain:"): values for name, values in draw(parameters, seed, draws).items()}


def _parameter(name: str, one: Spread) -> Parameter:
    return Parameter(f"bargain:{name}", one.median, one.low, one.high, "", one.kind, one.assumed)
