"""Home to the project's answers to what each side of the table can get."""

from __future__ import annotations

from ytterby.project.deciding import Deciding


class Bargaining(Deciding):
    """The side of a project that says what each side of the table can get."""
