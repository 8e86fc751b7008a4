"""docs/cli.md holds the help texts as they are. ``YTTERBY_WRITE_DOCS=1`` writes the page again."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.testing import CliRunner

from ytterby.cli.door import ytterby

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"
HEAD = """# Command line

The verbs and their options, as `ytterby --help` and `ytterby VERB --help` print them. What each answers under `--json`
stands in [Machine interface](machine-interface.md).

"""


def _help(*words: str) -> str:
    done = CliRunner().invoke(
        ytterby, [*words, "--help"], prog_name="ytterby", terminal_width=100, max_content_width=100
    )
    assert done.exit_code == 0, done.output
    return done.output.rstrip()


def _page() -> str:
    parts = [HEAD, "```text\n", _help(), "\n```\n"]
    for name in sorted(ytterby.commands):
        parts += [f"\n## {name}\n\n```text\n", _help(name), "\n```\n"]
    return "".join(parts)


def test_help_texts_in_the_documents_are_the_real_ones() -> None:
    if os.environ.get("YTTERBY_WRITE_DOCS") == "1":
        PAGE.write_text(_page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == _page(), "rewrite it: YTTERBY_WRITE_DOCS=1 .venv/bin/pytest tests/cli"


def test_every_option_says_what_it_does() -> None:
    for name, verb in ytterby.commands.items():
        silent = [p.name for p in verb.params if isinstance(p, click.Option) and not p.help and not p.show_default]
        assert silent == [], f"{name}: {silent}"
