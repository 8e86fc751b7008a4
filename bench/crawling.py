"""Home to the pages there are: every kind in the register, with real names, found by following the pages' own links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.request import urlopen

from ytterby.desk import register, urls
from ytterby.desk.urls import Address

FOLLOWED = 6
"""Pages of a kind whose links are followed."""


def found(served: str, followed: int = FOLLOWED) -> dict[str, list[Address]]:
    """Addresses by kind of page, at most `followed` of each, those that stand alone first."""
    known: dict[str, list[Address]] = {name: [] for name in sorted(register.register())}
    waiting = [urls.to(page.name) for page in register.register().values() if not page.about]
    seen = set()
    while waiting:
        address = waiting.pop(0)
        if address.path in seen or len(known[address.page]) >= followed:
            continue
        seen.add(address.path)
        with urlopen(served + address.path, timeout=60) as answer:
            text = answer.read().decode()
        known[address.page].append(address)
        waiting += [one for one in _links(text) if one.page in known and one.path not in seen]
    return known


def chosen(addresses: list[Address], most: int) -> list[Address]:
    """The first page of a kind, and those of other names."""
    names: dict[tuple[str, ...], Address] = {}
    for one in addresses:
        names.setdefault(one.names, one)
    return list(names.values())[:most]


def _links(text: str) -> Iterator[Address]:
    for at in re.findall(r'<a[^>]* href="(/[^"#]*)', text):
        address = urls.parse(*at.replace("&amp;", "&").partition("?")[::2])
        if address is not None and (address.lang, address.form, address.part) == ("en", "html", ""):
            yield address
