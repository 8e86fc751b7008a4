"""Home to the register of pages: every file in ``desk/pages/`` that holds ``PAGE`` or ``PAGES``."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache
from types import MappingProxyType

from ytterby.desk import pages
from ytterby.desk.page import Page
from ytterby.desk.urls import Address
from ytterby.terms.errors import UnknownName


class NoSuchPage(UnknownName):
    """An address at which nothing stands."""


@lru_cache(maxsize=1)
def register() -> MappingProxyType[str, Page]:
    """Every page by name, those of the menu first and in its order."""
    found: list[Page] = []
    for module in pkgutil.iter_modules(pages.__path__):
        home = importlib.import_module(f"{pages.__name__}.{module.name}")
        found += [*getattr(home, "PAGES", ()), *([home.PAGE] if hasattr(home, "PAGE") else [])]
    found.sort(key=lambda one: (one.nav or 1000, one.name))
    return MappingProxyType({one.name: one for one in found})


def page_at(address: Address) -> Page:
    """The page an address leads to. Raises `NoSuchPage`."""
    known = register()
    page = known.get(address.page)
    if page is None:
        raise NoSuchPage(address.page, known, "page", address.path[:200])
    if len(address.names) != len(page.about) and not (page.lists and not address.names):
        shape = "/".join((page.name, *(f"<{one}>" for one in page.about)))
        error = NoSuchPage("/".join((address.page, *address.names)), (), "page", address.path[:200])
        error.remedy = f"the address has the form /{address.lang}/{shape}"
        raise error
    return page


def menu() -> list[Page]:
    """The pages of the menu, in order."""
    return [page for page in register().values() if page.nav]
