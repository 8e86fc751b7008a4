"""Home to the verbs that say which capacity to build where and when, and what a stockpile is good for."""

from __future__ import annotations

import click

VERBS: tuple[click.Command, ...] = ()
