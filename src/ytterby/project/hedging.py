"""Home to the project's answers to what a buyer should stock, contract and apply for."""

from __future__ import annotations

from ytterby.project.deciding import Deciding


class Hedging(Deciding):
    """The side of a project that says what a buyer should stock, contract and apply for."""
