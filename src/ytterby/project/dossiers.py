"""Home to dossiers of licences: files of permits, shipments, orders and stocks kept in the project's `holdings/`."""

from __future__ import annotations

from pathlib import Path

from ytterby.terms.errors import BadValue, UnknownName, shown

FOLDER = "holdings"
LONGEST = 60
"""Letters a name may have."""


def names(project: Path) -> list[str]:
    """The dossiers that are kept."""
    return sorted(path.stem for path in (project / FOLDER).glob("*.yaml"))


def path(project: Path, name: str) -> Path:
    """The file of a dossier. Raises `UnknownName`."""
    known = names(project)
    if name not in known:
        raise UnknownName(name, known, "dossier", FOLDER)
    return project / FOLDER / f"{name}.yaml"


def keep(project: Path, name: str, text: str) -> Path:
    """Keeps a dossier under a name once it is understood; another of that name is never written over.

    Raises:
        BadValue, UnknownName: a name that is none or taken, or what is wrong in the text, with its line.
    """
    from ytterby.rules import licences
    from ytterby.store import atomic

    plain = name.strip()
    if not plain or len(plain) > LONGEST or not all(sign.isalnum() or sign in "-_ " for sign in plain):
        remedy = f"give up to {LONGEST} letters, digits, blanks and hyphens"
        raise BadValue(f"'{shown(name)}' is no name for a dossier", place=FOLDER, remedy=remedy)
    licences.read(text, plain)
    where = project / FOLDER / f"{plain}.yaml"
    if where.exists():
        if where.read_text(encoding="utf-8") == text:
            return where
        raise BadValue(f"there is a dossier '{shown(plain)}' already", place=FOLDER, remedy="choose another name")
    atomic.write(where, text.encode("utf-8"))
    return where
