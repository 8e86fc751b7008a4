"""Home to the warming of a desk: what the first reader would have to wait for is made before anybody asks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ytterby.desk import register, urls
from ytterby.desk.urls import Address

if TYPE_CHECKING:
    from ytterby.desk.counter import Counter

QUESTION = "Dy"
"""What is searched for: the first search puts rules, plants and tables where one finds them."""


def warm(desk: Counter, stopped: threading.Event) -> threading.Thread:
    """Makes the pages of the menu in a thread of their own, the first page first, until `stopped` is set.

    A page that fails fails for its reader too, and is told then.
    """

    def work() -> None:
        for address in addresses():
            if stopped.is_set():
                return
            desk.show(address)

    thread = threading.Thread(target=work, name="ytterby-warm", daemon=True)
    thread.start()
    return thread


def addresses() -> Iterator[Address]:
    """What is asked for, in order. The first page twice: the first search changes what was kept of it."""
    yield Address()
    yield urls.to("search", asked={"q": QUESTION})
    yield from (Address(lang=lang) for lang in urls.LANGS)
    for page in register.menu():
        if page.name != urls.FIRST and not page.live and not page.about:
            yield urls.to(page.name)
