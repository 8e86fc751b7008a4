"""Home to load: requests that come when they come, whether or not the last was answered, and how long each waited."""

from __future__ import annotations

import http.client
import queue
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

HANDS = 24
"""Connections kept open, each with a request in hand at most."""


@dataclass(frozen=True)
class Pressed:
    """What came of it."""

    wanted: int
    waits: tuple[float, ...]
    """Seconds from the moment a request was due to its last byte, sorted."""
    failed: int

    def quantile(self, share: float) -> float:
        """The wait that `share` of the requests do not exceed, s."""
        return self.waits[min(len(self.waits) - 1, int(share * len(self.waits)))]


def pressed(address: str, paths: Sequence[str], rate: float, seconds: float) -> Pressed:
    """Asks for `paths` in turn, `rate` a second for `seconds`."""
    host = urlsplit(address).netloc
    due: queue.Queue[tuple[float, str] | None] = queue.Queue()
    waits: list[float] = []
    failed: list[str] = []

    def hand() -> None:
        line = http.client.HTTPConnection(host, timeout=60)
        while (one := due.get()) is not None:
            when, path = one
            try:
                line.request("GET", path, headers={"accept-encoding": "gzip"})
                answer = line.getresponse()
                answer.read()
                if answer.status != 200:
                    failed.append(path)
            except (OSError, http.client.HTTPException):
                failed.append(path)
                line.close()
            waits.append(time.perf_counter() - when)
        line.close()

    hands = [threading.Thread(target=hand) for _ in range(HANDS)]
    for one in hands:
        one.start()
    began = time.perf_counter()
    count = int(rate * seconds)
    for number in range(count):
        when = began + number / rate
        time.sleep(max(0.0, when - time.perf_counter()))
        due.put((when, paths[number % len(paths)]))
    for _ in hands:
        due.put(None)
    for one in hands:
        one.join()
    return Pressed(count, tuple(sorted(waits)), len(failed))
