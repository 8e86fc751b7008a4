"""Home to the project folder: making one, finding one.

A project is a folder with ``ytterby.toml`` in it, and beside that:

- ``ytterby.db``   the database
- ``overlay/``     the user's own rows, laid over the package's tables
- ``runs/``        one folder per run, written once
- ``blobs/``       raw documents, named by their SHA-256
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ytterby.store import atomic
from ytterby.store.disk import told
from ytterby.terms.errors import StoreError, shown

MARKER = "ytterby.toml"
SCHEMA = 1
"""Layout of the folder; a folder of a later layout is not touched."""

_OVERLAY_README = """\
What lies here is laid over the tables that come with Ytterby. Every file is optional.

  claims.csv        figures of your own, each with its source
  facilities.csv    plants to add, or to change by id
  recipes.csv       what a plant makes of what
  demand.csv        what is wanted, where, by year
  links.csv         who delivers to whom, how fast
  assumptions.csv   figures nobody has a source for

Columns are those of the package's own tables; the data page of the documentation lists them with their units.
`ytterby world --check` reads these files, and says file, line and column of whatever is wrong.
"""


@dataclass(frozen=True)
class Folder:
    """A project folder that exists."""

    path: Path
    name: str
    created: str
    """Date it was made (ISO)."""
    schema: int = SCHEMA

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / "ytterby.db"

    @property
    def overlay(self) -> Path:
        """The user's own rows."""
        return self.path / "overlay"

    @property
    def runs(self) -> Path:
        """One folder per run."""
        return self.path / "runs"

    @property
    def blobs(self) -> Path:
        """Raw documents by hash."""
        return self.path / "blobs"


def init(path: Path | str, name: str = "") -> Folder:
    """Make `path` a project folder; an existing project is opened as it is.

    Raises `StoreError` when the folder holds something else, and when the disk refuses.
    """
    root = Path(path).expanduser().absolute()
    if (root / MARKER).exists():
        return _read(root)
    if root.exists() and not root.is_dir():
        cause = "a file stands where the project folder should go"
        raise StoreError(cause, place=str(root), remedy="choose another name")
    try:
        foreign = sorted(p.name for p in root.iterdir() if p.name != ".DS_Store") if root.is_dir() else []
    except OSError as error:
        raise told(error, "read the folder", root) from error
    foreign = [one for one in foreign if atomic.MARK not in one]
    if foreign and not _ours(root, foreign):
        some = ", ".join(foreign[:3]) + (", ..." if len(foreign) > 3 else "")
        raise StoreError(
            f"the folder is not empty and is no project (it holds {some})",
            place=str(root),
            remedy="give the path of a new folder, e.g. a sub-folder of this one",
        )
    try:
        for part in ("overlay", "runs", "blobs"):
            (root / part).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise told(error, "make the project folder", root) from error
    atomic.write(root / "overlay" / "README.txt", _OVERLAY_README.encode())
    title = name or root.name or "project"
    text = f"name = {_quoted(title)}\ncreated = {date.today().isoformat()}\nschema = {SCHEMA}\n"
    # The marker comes last: a folder is a project only once everything else is there.
    atomic.write(root / MARKER, text.encode())
    return _read(root)


def find(path: Path | str | None = None) -> Folder:
    """The project folder: `path` if given, else the nearest one upward from here, else the user's own, made on demand.

    Raises `StoreError` when `path` is given and is no project.
    """
    if path is not None:
        root = Path(path).expanduser().absolute()
        if not (root / MARKER).is_file():
            cause = "there is no project here" if root.exists() else "there is no such folder"
            raise StoreError(cause, place=str(root), remedy=f"make one: ytterby init {path}")
        return _read(root)
    here = Path.cwd()
    for root in (here, *here.parents):
        if (root / MARKER).is_file():
            return _read(root)
    import platformdirs

    return init(platformdirs.user_data_path("ytterby", appauthor=False) / "project", name="default")


def _ours(root: Path, names: list[str]) -> bool:
    """Whether what is there was left by an `init` that was stopped half-way: our own parts, and nothing in them."""
    if not set(names) <= {"overlay", "runs", "blobs"}:
        return False
    kept = [p for p in root.rglob("*") if p.is_file() and atomic.MARK not in p.name]
    return all(p == root / "overlay" / "README.txt" for p in kept)


def _read(root: Path) -> Folder:
    marker = root / MARKER
    try:
        table = tomllib.loads(marker.read_text(encoding="utf-8"))
    except OSError as error:
        raise told(error, "read the project folder", marker) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        remedy = f"write a line such as: schema = {SCHEMA}"
        raise StoreError(f"the project's file cannot be read: {error}", place=str(marker), remedy=remedy) from error
    schema = table.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise StoreError("the project's schema is missing", place=str(marker), remedy=f"write: schema = {SCHEMA}")
    if schema > SCHEMA:
        raise _newer(marker, schema)
    return Folder(root, str(table.get("name", root.name)), str(table.get("created", "")), schema)


def _newer(marker: Path, schema: int) -> StoreError:
    return StoreError(
        f"the project was made by a later Ytterby (layout {schema}, this one knows {SCHEMA})",
        place=str(marker),
        remedy="install the later version; the folder was left as it is",
    )


def _quoted(text: str) -> str:
    whole = text.encode("utf-8", "replace").decode()
    return '"' + shown(whole).replace("\\", "\\\\").replace('"', '\\"') + '"'
