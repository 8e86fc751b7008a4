"""Home to the verbs that say what a buyer should stock, contract and apply for."""

from __future__ import annotations

import click

VERBS: tuple[click.Command, ...] = ()
