"""Home to the materials of the world: which there are, in what unit, and how much of each element a unit holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.terms.elements import ELEMENTS, INDEX, RECORDS
from ytterby.terms.errors import BadValue
from ytterby.world.baseline import Tables
from ytterby.world.parameters import Parameters, Value

Floats = NDArray[np.float64]

PAIR = ("Nd", "Pr")
LIGHT = ("La", "Ce", "Pr", "Nd")
"""What a light line separates; the rest (Sm and heavier, Y) is the heavy part."""
METALS = ("Dy", "Tb", "Sm")
ASSEMBLY = "motor"
"""Magnets fitted into rotors and motors: ``motor.UH`` is counted by the tonne of UH magnets inside."""


def worn(material: str) -> str:
    """The scrap that magnets, bare or fitted, become."""
    return "scrap." + material.split(".", 1)[1]


def is_magnet(material: str) -> bool:
    """Whether a material is magnets, bare or fitted."""
    return material.split(".", 1)[0] in ("magnet", ASSEMBLY)


@dataclass(frozen=True)
class Material:
    """One material: `contents` is tonnes of each element per unit (element,)."""

    id: str
    stage: str
    unit: str
    contents: Floats


@dataclass(frozen=True)
class Basket:
    """The oxides in a tonne of contained REO, by element; sums to 1."""

    material: str
    shares: Mapping[str, float]


def _vector(parts: Mapping[str, float]) -> Floats:
    vector = np.zeros(len(ELEMENTS))
    for symbol, tonnes in parts.items():
        vector[INDEX[symbol]] += tonnes
    return vector


def oxide(symbol: str) -> Floats:
    """Elements in a tonne of an oxide as traded."""
    return _vector({symbol: RECORDS[symbol].metal_in_oxide})


def ndpr_oxide(parameters: Parameters) -> Floats:
    """Elements in a tonne of NdPr oxide."""
    share = parameters.get("assume:nd_in_ndpr").value
    return share * oxide(PAIR[0]) + (1 - share) * oxide(PAIR[1])


def ndpr_metal(parameters: Parameters) -> Floats:
    """Elements in a tonne of NdPr metal: what is left of the oxide without its oxygen."""
    contents = ndpr_oxide(parameters)
    return np.asarray(contents / contents.sum())


def derive_classes(tables: Tables, parameters: Parameters) -> dict[str, dict[str, Value]]:
    """Metal contents of each magnet class: means of its grades, Nd and Pr together as NdPr metal.

    Adds them to `parameters` as ``class:<class>:<metal>`` and ``class:<class>:ree`` (their sum).
    """
    classes: dict[str, dict[str, Value]] = {}
    for line in tables["classes"]:
        weight = parameters.number(line["weight"], line.place("weight"))
        contents = classes.setdefault(line["class"], {})
        for metal, symbols in (("NdPr", PAIR), *((each, (each,)) for each in METALS)):
            for symbol in symbols:
                name = f"composition:{line['grade']}:{symbol}"
                if name in parameters:
                    _add(contents, f"class:{line['class']}:{metal}", metal, weight, parameters.get(name))
    for name, contents in classes.items():
        total = sum(value.value for value in contents.values())
        for value in contents.values():
            parameters.derive(value)
        parameters.derive(Value(f"class:{name}:ree", total, total, total, "share", assumed=True))
    return classes


def _add(contents: dict[str, Value], name: str, metal: str, weight: float, part: Value) -> None:
    before = contents.get(metal)
    value = weight * part.value + (before.value if before else 0.0)
    if value <= 0:
        return
    claims = (before.claims if before else ()) + tuple((claim, weight * share) for claim, share in part.claims)
    assumed = part.assumed or bool(before and before.assumed)
    contents[metal] = Value(name, value, value, value, "share", "point", assumed, claims)


def basket(name: str, parameters: Parameters, place: str = "") -> Basket:
    """The basket of a deposit. Raises BadValue when nothing known gives it any element."""
    shares = {}
    for symbol in ELEMENTS:
        parameter = f"basket:{name}:{symbol}"
        if parameter in parameters and parameters.get(parameter).value > 0:
            shares[symbol] = parameters.get(parameter).value
    if not shares:
        raise BadValue(
            f"the element distribution of '{name}' is not known",
            place=place,
            remedy=f"name another deposit in column basket, or add claims basket:{name}:Nd and so on",
        )
    total = sum(shares.values())
    return Basket(f"conc.{name}", {symbol: share / total for symbol, share in shares.items()})


def heavy_part(whole: Basket) -> Basket:
    """What a light line leaves: the basket from Sm on, as a concentrate of its own."""
    shares = {symbol: share for symbol, share in whole.shares.items() if symbol not in LIGHT}
    total = sum(shares.values())
    return Basket(
        whole.material.replace("conc.", "conc.seg.", 1), {symbol: share / total for symbol, share in shares.items()}
    )


def basket_material(each: Basket) -> Material:
    """A basket as a material, per tonne of contained REO."""
    contents = sum((share * oxide(symbol) for symbol, share in each.shares.items()), np.zeros(len(ELEMENTS)))
    return Material(each.material, "concentrate", "t REO", contents)


def materials(
    parameters: Parameters, classes: Mapping[str, Mapping[str, Value]], baskets: Iterable[Basket]
) -> tuple[Material, ...]:
    """Every material, upstream first."""
    found = [basket_material(each) for each in baskets]
    found.append(Material("oxide.NdPr", "oxide", "t oxide", ndpr_oxide(parameters)))
    symbols = [symbol for symbol in ELEMENTS if symbol not in ("Pm", "Sc")]
    found.extend(Material(f"oxide.{symbol}", "oxide", "t oxide", oxide(symbol)) for symbol in symbols)
    metal = {"NdPr": ndpr_metal(parameters), **{symbol: _vector({symbol: 1.0}) for symbol in METALS}}
    found.extend(Material(f"metal.{name}", "metal", "t metal", contents) for name, contents in metal.items())
    for form in ("alloy", "magnet", ASSEMBLY, "scrap"):
        for name, contents in classes.items():
            vector = sum((value.value * metal[part] for part, value in contents.items()), np.zeros(len(ELEMENTS)))
            stage, unit = ("component", "t magnets inside") if form == ASSEMBLY else (form, f"t {form}")
            found.append(Material(f"{form}.{name}", stage, unit, vector))
    return tuple(found)
