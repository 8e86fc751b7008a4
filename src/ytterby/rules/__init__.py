"""Home to the rules: clauses as data, when they are in force, the working calendar, and the gates they compile to."""

from __future__ import annotations
