"""Home to the clock: seconds of a call, several times over; what is quoted is the median."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any


def seconds(call: Callable[[], Any]) -> float:
    """Wall seconds of one call; the call waits for its own result."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def busy(call: Callable[[], Any]) -> float:
    """Processor seconds of one call, of all its threads: what others do on the machine hardly counts."""
    began = time.process_time()
    call()
    return time.process_time() - began


def median(call: Callable[[], Any], repeats: int) -> float:
    """Median seconds of `repeats` calls."""
    return statistics.median(seconds(call) for _ in range(repeats))


def interleaved(
    calls: Mapping[str, Callable[[], Any]], repeats: int, clock: Callable[[Callable[[], Any]], float] = seconds
) -> dict[str, list[float]]:
    """Seconds of each call by `clock`, in turns, so that a busy moment of the machine falls on all of them alike."""
    took: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(repeats):
        for name, call in calls.items():
            took[name].append(clock(call))
    return took
