"""Home to the choice of an engine by its name."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from ytterby.run.engines.contract import Machines
from ytterby.run.engines.local import Local
from ytterby.run.engines.onray import OnRay
from ytterby.run.engines.processes import Processes
from ytterby.terms.errors import BadValue, UnknownName

NAMES = (Local.name, OnRay.name)


def chosen(name: str = Local.name, workers: int | None = None, address: str | None = None) -> Machines:
    """The engine called `name`.

    Args:
        name: ``local`` or ``ray``.
        workers: chunks in work at once.
        address: of an existing cluster, for ``ray``.

    Raises:
        UnknownName: no engine is called that.
        BadValue: fewer than one worker, or an address for this machine.
    """
    if name not in NAMES:
        raise UnknownName(name, known=NAMES, what="engine", place="engine")
    if workers is not None and workers < 1:
        raise BadValue(f"{workers} workers", place=f"engine {name}", remedy="ask for at least 1")
    if name == OnRay.name:
        return OnRay(workers, address)
    if address:
        raise BadValue("an address is only for a cluster", place=f"engine {name}", remedy="add --engine ray")
    return Local(workers)


def hands(
    name: str = Local.name, workers: int | None = None, address: str | None = None
) -> AbstractContextManager[Processes | OnRay | None]:
    """Who works off what plain Python computes, as reading: None, in a ``with`` block, is the process that asks.

    Args:
        name: ``local``, where it is more than one process that is asked for, or ``ray``.
        workers: items in work at once.
        address: of an existing cluster, for ``ray``.

    Raises:
        UnknownName: no engine is called that.
        BadValue: fewer than one worker, or an address for this machine.
    """
    machines = chosen(name, workers, address)
    if isinstance(machines, OnRay):
        return machines
    return Processes(workers) if workers is not None and workers > 1 else nullcontext()
