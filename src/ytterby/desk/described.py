"""Home to the description of the machine interface (OpenAPI), made from the endpoints themselves."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from ytterby import __version__
from ytterby.desk import urls

TITLE = "Ytterby"
SUMMARY = "The machine interface of a project; docs/machine-interface.md says what the answers hold."


@lru_cache(maxsize=1)
def described() -> dict[str, Any]:
    """The description, as OpenAPI has it."""
    from fastapi import FastAPI

    from ytterby.desk import api, epcis

    # No question is asked of this one: only its shape is read.
    shape: Any = SimpleNamespace(project=None, jobs=None)
    app = FastAPI(title=TITLE, version=__version__, description=SUMMARY, openapi_url=urls.OPENAPI)
    app.include_router(api.router(shape))
    app.include_router(epcis.router(shape)[0])
    return app.openapi()
