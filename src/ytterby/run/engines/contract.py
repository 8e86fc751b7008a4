"""Home to the contract of an engine: tasks in, their results out in the same order, whoever worked them off.

A task is a chunk of draws; it needs nothing but the model and the draws' values, and gives the same bits wherever it
runs. So an engine may work off tasks in any order, twice, or again after a machine was lost: nothing can change.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ytterby.run.base import Model
    from ytterby.run.ensemble import Engine, Folded

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Task:
    """A chunk of draws to simulate."""

    drawn: Mapping[str, NDArray[np.float64]]
    """The values of its draws, (draw,) each."""
    first: int
    last: int
    """Not included."""
    width: int
    """Draws simulated at once; the surplus over the chunk's own is dropped."""


class Machines(ABC):
    """Where work is done. To be used in a ``with`` block: machines are taken at its start and given back at its end."""

    name: ClassVar[str]
    """As ``--engine`` has it."""

    def __enter__(self) -> Self:
        """Take what is needed."""
        return self

    def __exit__(  # noqa: B027 - this machine has nothing to give back
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give it back, also after an error."""

    @abstractmethod
    def simulate(
        self, engine: Engine, tasks: Sequence[Task], model: Model[Any, Any, Any] | None = None
    ) -> Iterator[Folded]:
        """The tasks' chunks in their order, each as soon as it and those before it are done.

        `model` gives the inputs where they are another's than `engine` was compiled for.
        """

    @abstractmethod
    def each(self, call: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """`call` of each item, in their order: a module's own function, items and results that can be pickled.

        Items are taken as they are needed, a few ahead.
        """
