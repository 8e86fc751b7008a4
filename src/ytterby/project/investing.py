"""Home to the project's answers to which capacity to build where and when, and what a stockpile is good for."""

from __future__ import annotations

from ytterby.project.deciding import Deciding


class Investing(Deciding):
    """The side of a project that says which capacity to build where and when, and what a stockpile is good for."""
