"""Home to gradients: what output lost answers to every number of behaviour and to every shock, in one reverse pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

import ytterby.run.precision  # noqa: F401 - for what it sets
from ytterby.run.ario.behaviour import Behaviour
from ytterby.run.ario.preparing import Ground, first
from ytterby.run.ario.shocks import Destruction, Gate, Loss, shock_of
from ytterby.run.ario.state import Constants, Forcing, State
from ytterby.run.ario.stepping import Layout, step
from ytterby.run.ario.table import Table

Floats = NDArray[np.float64]


def sensitivities(
    table: Table,
    parameters: Behaviour | Mapping[str, Any] | None = None,
    shocks: Sequence[Any] = (),
    steps: int = 365,
) -> dict[str, Floats]:
    """Derivatives of the output lost over the run (money: sum of normal output less production) by each number.

    Returns:
        ``psi``, ``overproduction_base``, ``overproduction_max``, ``overproduction_days`` (scalars), ``inventory_days``
        and ``restoration_days`` (sector,), and ``shock:NAME``: by a factor on what the shock takes (on what a gate
        holds back). Minima are the hard ones: at a kink it is the derivative of one side. Losses that recover are
        rounded in the run, not in the derivative.

    Raises:
        BadValue, UnknownName, DateOrder: what was given cannot be.
    """
    behaviour = Behaviour.of(parameters)
    told = [shock_of(s) for s in shocks]
    ground = Ground(table, behaviour)
    with jax.enable_x64(True):
        prepared = ground.prepared(told, steps, 1)
        constants, forcing = prepared.inputs.constants, prepared.inputs.forcing
        numbers = _numbers(constants, behaviour, told)

        def lost(given: dict[str, Array]) -> Array:
            return _lost(prepared.layout, _set(constants, given, behaviour), forcing)

        found = jax.jit(jax.grad(lost))(numbers)
    made = {name: np.asarray(found[name])[..., 0] for name in found if name not in ("lost", "money", "rebuilt", "gate")}
    for kind, name in _names(told):
        made[f"shock:{name}"] = np.asarray(found[kind])[[n for k, n in _names(told) if k == kind].index(name)]
    return made


def _names(told: Sequence[Any]) -> list[tuple[str, str]]:
    kinds = []
    for shock in told:
        if isinstance(shock, Loss):
            kinds.append(("lost", shock.name))
        elif isinstance(shock, Destruction):
            kinds.append(("money" if shock.rebuilt_by is None else "rebuilt", shock.name))
        elif isinstance(shock, Gate):
            kinds.append(("gate", shock.name))
    return kinds


def _numbers(c: Constants, behaviour: Behaviour, told: Sequence[Any]) -> dict[str, Array]:
    count = {kind: sum(k == kind for k, _ in _names(told)) for kind in ("lost", "money", "rebuilt", "gate")}
    return {
        "psi": c.psi,
        "overproduction_base": c.base,
        "overproduction_max": c.most,
        "overproduction_days": behaviour.step_days / c.pace,
        "inventory_days": c.inventory * behaviour.step_days,
        "restoration_days": c.restoration * behaviour.step_days,
        **{kind: jnp.ones(number) for kind, number in count.items()},
    }


def _set(c: Constants, given: dict[str, Array], behaviour: Behaviour) -> Constants:
    inventory = given["inventory_days"] / behaviour.step_days
    finite = inventory > 0.0
    each = lambda kind, array: array * given[kind][:, None, None] if given[kind].size else array  # noqa: E731
    return replace(
        c,
        psi=given["psi"],
        base=given["overproduction_base"],
        most=given["overproduction_max"],
        pace=behaviour.step_days / given["overproduction_days"],
        inventory=inventory,
        limited=jnp.where(finite, 1.0 / jnp.where(finite, inventory, 1.0), 0.0),
        restoration=given["restoration_days"] / behaviour.step_days,
        lost=each("lost", c.lost),
        money=each("money", c.money),
        rebuild_lost=each("rebuilt", c.rebuild_lost),
        rebuild_asked=c.rebuild_asked * given["rebuilt"][:, None, None, None]
        if given["rebuilt"].size
        else c.rebuild_asked,
        passes=1.0 - given["gate"][:, None] * (1.0 - c.passes) if given["gate"].size else c.passes,
    )


def _lost(layout: Layout, constants: Constants, forcing: Forcing) -> Array:
    @jax.checkpoint  # memory of the reverse pass: the states alone
    def advance(state: State, now: Forcing) -> tuple[State, Array]:
        new, seen = step(layout, constants, state, now)
        return new, (constants.shared.normal[:, None] - seen["production"]).sum()

    return jax.lax.scan(advance, first(layout, constants), forcing)[1].sum()
