"""The checks find what is wrong and name its row: each fault is planted in a sound world."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from ytterby.terms.errors import BadValue, InputError, Unbalanced
from ytterby.world import checks
from ytterby.world.network import Network

Fault = Callable[[Network], Network]


def _with(network: Network, name: str, row: int, value: float) -> Network:
    array = getattr(network, name).copy()
    array[row] = value
    return dataclasses.replace(network, **{name: array})


def _output_of(network: Network, activity: str) -> int:
    return int(np.flatnonzero(network.output_activity == network.activities.index(activity))[0])


def _unlinked(network: Network) -> Network:
    keep = network.link_in != 0
    names = [field.name for field in dataclasses.fields(Network)]
    rows = [name for name in names if name.startswith("link_") or name == "lead_by"]
    return dataclasses.replace(network, **{name: getattr(network, name)[keep] for name in rows})


FAULTS: list[tuple[Fault, type[InputError], str, str]] = [
    (lambda n: _with(n, "output_coef", _output_of(n, "metal.NdPr@met_cn_other"), 0.9), Unbalanced, "from nothing",
     "recipe metal.NdPr@met_cn_other"),
    (lambda n: _with(n, "link_share", 7, n.link_share[7] + 0.01), Unbalanced, "sum to 1.01", " at "),
    (lambda n: _with(n, "link_share", 7, -0.5), BadValue, "link_share is -0.5", " to "),
    (lambda n: _with(n, "capacity", n.facilities.index("sep_mp"), -1.0), BadValue, "capacity is -1", "sep_mp"),
    (lambda n: _with(n, "capacity", n.facilities.index("sep_mp"), np.nan), BadValue, "capacity", "sep_mp"),
    (lambda n: _with(n, "activity_share", 0, 0.5), Unbalanced, "sum to 0.5", "bayan_obo"),
    (lambda n: _with(n, "terminal_share", 0, 0.0), Unbalanced, "shares of designs", "car.bev"),
    (lambda n: dataclasses.replace(n, facilities=(n.facilities[1], *n.facilities[1:])), BadValue, "stands twice",
     "facilities"),
    (_unlinked, Unbalanced, "nobody supplies", ""),
    (lambda n: _with(n, "link_out", 0, n.link_out[-1]), Unbalanced, "changes the material", " to "),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "kind", "cause", "place"), FAULTS)
def test_nice_errors(network: Network, fault: Fault, kind: type[InputError], cause: str, place: str) -> None:
    with pytest.raises(kind) as caught:
        checks.check(fault(network))
    assert cause in caught.value.cause
    assert place in caught.value.place
    assert caught.value.remedy


def test_rounding_is_no_fault(network: Network) -> None:
    checks.check(_with(network, "link_share", 7, network.link_share[7] * (1 + 1e-13)))


def test_loads_list_every_plant_once(network: Network) -> None:
    rows = checks.loads(network)
    names = [row["facility"] for row in rows]
    assert len(names) == len(set(names))
    assert "mag_jp" in names
    assert not any(name.startswith("car.") for name in names)
