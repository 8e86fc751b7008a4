"""Home to the project's answers to which figure, and which sentence behind it, moves an outcome."""

from __future__ import annotations

from ytterby.project.deciding import Deciding


class Explaining(Deciding):
    """The side of a project that says which figure, and which sentence behind it, moves an outcome."""
