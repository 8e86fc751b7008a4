"""Home to a model and a function that kill the process they run in, once: for the tests of engines."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import puddle

from ytterby.run.base import Inputs, Model


@dataclass(frozen=True)
class Mortal(Model[Any, Any, Any]):
    """A puddle in which the first process to simulate a chunk is killed in the middle of it, unless it is `parent`."""

    mark: str
    parent: int

    grid = puddle.Puddle().grid
    precision = "float64"
    parameters = puddle.Puddle().parameters
    initial = puddle.Puddle().initial
    step = puddle.Puddle().step
    series = puddle.Puddle().series

    def inputs(self, drawn: Mapping[str, Any]) -> Inputs[Any, Any]:
        mark = Path(self.mark)
        if os.getpid() != self.parent and not mark.exists():
            mark.write_text(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGKILL)
        return puddle.Puddle().inputs(drawn)


def killed_once(mark: str, item: int) -> int:
    """The square of `item`; the first process that is asked for that of 3 is killed over it."""
    if item == 3 and not Path(mark).exists():
        Path(mark).write_text(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGKILL)
    return item * item


def slept(seconds: float) -> int:
    """The process that was asked, after a while."""
    time.sleep(seconds)
    return os.getpid()
