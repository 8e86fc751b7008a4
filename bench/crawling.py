"""Home to the pages there are: every kind in the register, with real names, found by following the pages' own links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.error import HTTPError
from urllib.request import urlopen

from ytterby.desk import register, urls
from ytterby.desk.urls import Address

FOLLOWED = 6
"""Pages of a kind whose links are followed."""


@dataclass
class Found:
    """What a crawl came upon."""

    pages: dict[str, list[Address]]
    """Addresses by kind of page, those that stand alone first."""
    files: dict[str, Address] = field(default_factory=dict)
    """Kinds of pages that are files to save."""
    broken: list[str] = field(default_factory=list)
    """Links that lead to no page: where they stand, where they lead, and what came of it."""


def found(served: str, followed: int = FOLLOWED) -> Found:
    """Follows the links of a desk's pages, of at most `followed` pages of a kind."""
    told = Found({name: [] for name in sorted(register.register())})
    waiting = [(urls.to(page.name), "the menu") for page in register.register().values() if not page.about]
    seen = set()
    while waiting:
        address, where = waiting.pop(0)
        if address.path in seen or len(told.pages.get(address.page, ())) >= followed:
            continue
        seen.add(address.path)
        try:
            with urlopen(served + address.path, timeout=60) as answer:
                if "attachment" in answer.headers.get("content-disposition", ""):
                    told.files[address.page] = address
                    continue
                text = answer.read().decode()
        except HTTPError as error:
            told.broken.append(f"{where} -> {address.path}: {error.code}")
            continue
        told.pages[address.page].append(address)
        waiting += [(one, address.path) for one in _links(text) if one.path not in seen]
    return told


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
