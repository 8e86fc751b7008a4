"""Home to the verbs that say what each side of the table can get."""

from __future__ import annotations

import click

VERBS: tuple[click.Command, ...] = ()
