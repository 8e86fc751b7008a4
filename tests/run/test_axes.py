from __future__ import annotations

from dataclasses import fields
from typing import Any

import jax.numpy as jnp
import pytest
from jaxtyping import Float, jaxtyped
from worlds import World, step_of

from ytterby.run.chain.state import Constants, Forcing, State


def dimensions(kind: type) -> dict[str, tuple[str, ...]]:
    """Axes of every array of a record, read from its annotations."""
    found = {}
    for field in fields(kind):
        text = str(field.type)
        if '"' in text or "'" in text:
            found[field.name] = tuple(text.replace("'", '"').split('"')[-2].split())
    return found


def sizes(record: Any, skip: tuple[str, ...] = ()) -> dict[str, set[int]]:
    """Every length an axis has among the arrays of a record."""
    seen: dict[str, set[int]] = {}
    for name, axes in dimensions(type(record)).items():
        value = getattr(record, name)
        if not hasattr(value, "shape"):
            continue
        axes = tuple(axis for axis in axes if axis not in skip)
        assert len(value.shape) == len(axes), f"{name} has shape {value.shape}, told {axes}"
        for axis, length in zip(axes, value.shape, strict=True):
            seen.setdefault(axis, set()).add(length)
    return seen


def test_states_and_constants_have_the_axes_they_tell(world: World) -> None:
    states, _ = world.run(world.forcing())
    told = {**world.network.sizes(), "draw": 4, "zone": 2, "price": 4}
    for record in (world.initial, step_of(states, 7), world.constants):
        for axis, lengths in sizes(record).items():
            if axis not in ("stage",):
                assert len(lengths) == 1, f"{axis}: {lengths}"
            if axis in told:
                assert lengths == {told[axis]}, axis


def test_forcings_have_the_axes_they_tell(world: World) -> None:
    whole, one = world.forcing(), step_of(world.forcing(), 3)
    assert sizes(whole)["step"] == {40}
    for record, skip in ((whole, ()), (one, ("step",))):
        found = {axis: lengths for axis, lengths in sizes(record, skip).items() if axis != "event"}
        assert all(len(lengths) == 1 for lengths in found.values()), found
    assert sizes(whole)["region"] == {len(world.network.regions)}


def test_every_field_tells_its_axes() -> None:
    for kind in (State, Constants, Forcing):
        untold = {f.name for f in fields(kind)} - set(dimensions(kind))
        assert untold <= {"initial", "behaviour", "licensing"}, untold


def test_series_have_a_row_for_every_label(world: World) -> None:
    _, seen = world.run(world.forcing())
    told = {series.name: len(series.labels) for series in world.chain.series()}
    assert {name: values.shape[1] for name, values in seen.items()} == told
    for series in world.chain.series():
        assert series.kind in ("flow", "level", "ratio")
        assert series.unit
        assert len(set(series.labels)) == len(series.labels)


def test_shapes_are_checked_while_these_tests_run() -> None:
    from ytterby.run.minima import fulfilment

    with pytest.raises(Exception, match="fulfilment"):
        fulfilment("not an array", jnp.ones(3), 0.0)  # type: ignore[arg-type]

    @jaxtyped(typechecker=None)
    def same() -> bool:
        return isinstance(jnp.ones((2, 3)), Float[jnp.ndarray, "a b"]) and not isinstance(
            jnp.ones((2, 3)), Float[jnp.ndarray, "a a"]
        )

    assert same()
