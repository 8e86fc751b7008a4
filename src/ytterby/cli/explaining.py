"""Home to the verbs that say which figure, and which sentence behind it, moves an outcome."""

from __future__ import annotations

import click

VERBS: tuple[click.Command, ...] = ()
