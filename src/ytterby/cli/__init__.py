"""Home to the door from a terminal: `main` and the verbs behind it. Importing it imports click and nothing heavier."""

from __future__ import annotations

from ytterby.cli.door import main

__all__ = ["main"]
