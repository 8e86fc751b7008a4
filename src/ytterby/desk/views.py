"""Home to named queries: questions to the events that a client gave a name, one JSON file each in ``queries/``."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from ytterby.custody.query.question import question
from ytterby.store import atomic
from ytterby.terms.errors import BadValue, InputError, UnknownName

if TYPE_CHECKING:
    from ytterby.project import Project

FOLDER = "queries"
MOST = 1_000
"""Named queries that are kept."""
LONGEST = 200
"""Characters of a name."""
_MANY = {"@context"}
"""What may stand in a query and asks for nothing."""


class Taken(InputError):
    """A query of that name is there."""


@final
class Views:
    """The named queries of one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lock = threading.Lock()

    def add(self, raw: Any) -> dict[str, Any]:
        """Keeps a query: ``{"name": …, "query": {parameter: value or list of values}}``.

        Raises:
            BadValue: it is none, or asks what cannot be understood.
            Taken: there is one of that name.
        """
        remedy = 'send {"name": "mine", "query": {"eventType": ["ObjectEvent"]}}'
        if not isinstance(raw, Mapping) or set(raw) - {"@context"} != {"name", "query"}:
            raise BadValue("a named query has a name and a query", place="query", remedy=remedy)
        name, query = raw["name"], raw["query"]
        if not isinstance(name, str) or not name or len(name) > LONGEST or not name.isprintable() or "/" in name:
            wrong = f"a name has 1 to {LONGEST} characters, all of them printable, and no slash"
            raise BadValue(wrong, place="name", remedy=remedy)
        if not isinstance(query, Mapping):
            raise BadValue("a query is an object of parameters and values", place="query", remedy=remedy)
        question(parameters(query))
        path = self._path(name)
        with self._lock:
            if path.is_file():
                raise Taken(f"there is a query '{name}'", place="name", remedy="delete it, or choose another name")
            if sum(1 for _ in path.parent.glob("*.json")) >= MOST:
                raise BadValue(f"{MOST:,} queries are there", place="queries", remedy="delete one that nobody asks")
            kept = {"name": name, "query": dict(query)}
            atomic.write(path, json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        return kept

    def get(self, name: str) -> dict[str, Any]:
        """A query, as it was sent. Raises `UnknownName`."""
        try:
            found: dict[str, Any] = json.loads(self._path(name).read_bytes())
        except (FileNotFoundError, ValueError):
            raise UnknownName(name, (), "query", remedy="GET /epcis/queries lists them") from None
        return found

    def drop(self, name: str) -> None:
        """Forgets a query. Raises `UnknownName`."""
        with self._lock:
            self.get(name)
            self._path(name).unlink(missing_ok=True)

    def listed(self) -> list[dict[str, Any]]:
        """All of them, by name."""
        found = [json.loads(path.read_bytes()) for path in self._folder.glob("*.json")]
        return sorted(found, key=lambda one: str(one["name"]))

    @property
    def _folder(self) -> Path:
        return self._project.path / FOLDER

    def _path(self, name: str) -> Path:
        # whatever a name has in it, its file has a name that every disk takes
        return self._folder / f"{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.json"


def parameters(query: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """The parameters of a query as an address would have them.

    Raises:
        BadValue: a value is neither text, number or truth value nor a list of these.
    """
    told: dict[str, Sequence[str]] = {}
    for name, value in query.items():
        if name in _MANY:
            continue
        values = value if isinstance(value, list) else [value]
        if not values or any(not isinstance(one, str | int | float) for one in values):
            remedy = "give text, a number, true or false, or a list of these"
            raise BadValue("a value that is none", place=name[:80], remedy=remedy)
        told[name] = [_written(one) for one in values]
    return told


def _written(value: str | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)
