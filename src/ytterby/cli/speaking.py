"""Home to how the terminal is spoken to: one JSON value, a table, a message aside, a progress bar."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import functools
import json
import math
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ytterby.terms.plain import plain as plain

if TYPE_CHECKING:
    from ytterby.project import Project

Rows = Sequence[Mapping[str, Any]]
Progress = Callable[[int, int], None]
Verb = TypeVar("Verb", bound=Callable[..., Any])

SPOKEN_EVERY = 5.0
"""Seconds between two lines of progress where there is no terminal to draw a bar on."""


class ReaderGone(Exception):
    """The program that read our output closed it before we were done."""


@dataclasses.dataclass(frozen=True)
class Ask:
    """One question from the command line: which project, and whether a program or a person reads the answer."""

    path: Path | None = None
    json: bool = False

    def project(self) -> Project:
        """The project that was meant: `--project`, else the nearest upward, else the user's own."""
        import ytterby

        return ytterby.open(self.path)

    def answer(self, value: Any, show: Callable[[], None]) -> None:
        """Prints `value` as one JSON value under ``--json``, else lets `show` draw it for a person."""
        if self.json:
            emit(value)
        else:
            show()


def day(text: str) -> datetime.date:
    """The calendar day written as 2025-06-30, or a usage error that shows how one is written."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"'{text}' is no date; write year, month and day as 2025-06-30") from None


def asks(function: Verb) -> Verb:
    """Gives a verb ``--project`` and ``--json`` and hands them over as one `Ask`, its first argument."""

    @click.option("--json", "as_json", is_flag=True, help="One JSON value on standard output.")
    @click.option("--project", "chosen", type=click.Path(path_type=Path), help="Project folder.", metavar="DIR")
    @click.pass_context
    @functools.wraps(function)
    def ask(context: click.Context, /, as_json: bool, chosen: Path | None, **options: Any) -> Any:
        above = context.obj.path if isinstance(context.obj, Ask) else None
        try:
            answer = function(Ask(path=chosen or above, json=as_json), **options)
            sys.stdout.flush()
        except BrokenPipeError:
            # Before click sees it: its releases disagree on the status.
            raise ReaderGone from None
        return answer

    return ask  # type: ignore[return-value]


def say(message: str) -> None:
    """Tells a person something aside, on standard error."""
    click.echo(message, err=True)


def emit(value: Any) -> None:
    """Prints one JSON value; what is not a number (NaN, infinity) becomes null."""
    unicode = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "") == "utf8"
    click.echo(json.dumps(plain(value), ensure_ascii=not unicode, allow_nan=False))


def table(rows: Rows, columns: Sequence[str] | None = None, title: str = "") -> None:
    """Prints rows as a table: drawn on a terminal, plain aligned text anywhere else."""
    names = list(columns) if columns is not None else _columns(rows)
    cells = [[cell(row.get(name)) for name in names] for row in rows]
    right = [all(_is_amount(row.get(name)) for row in rows) for name in names]
    if sys.stdout.isatty():
        _drawn(names, cells, right, title)
        return
    if title:
        click.echo(title)
    widths = [max([_width(name), *(_width(line[i]) for line in cells)]) for i, name in enumerate(names)]
    for line in [names, *cells]:
        padded = [_pad(text, width, to_right) for text, width, to_right in zip(line, widths, right, strict=True)]
        click.echo("  ".join(padded).rstrip())


def comma_separated(rows: Rows) -> None:
    """Prints rows as CSV with a heading."""
    names = _columns(rows)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        values = [plain(row.get(name)) for name in names]
        writer.writerow(["" if v is None else ";".join(map(str, v)) if isinstance(v, list) else v for v in values])


def cell(value: Any) -> str:
    """One value as a person reads it in a table: at most four digits that mean something.

    >>> [cell(v) for v in (6146.02, 0.12345, 1234567.0, None, True, ("Dy", "Tb"))]
    ['6,146', '0.1235', '1,234,567', '', 'yes', 'Dy Tb']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return " ".join(cell(item) for item in value)
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        if math.isinf(value):
            return "∞" if value > 0 else "-∞"
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return str(value)


@contextmanager
def progress(label: str) -> Iterator[Progress]:
    """A progress bar on standard error: n done of all, and the time left. Lines of text where there is no terminal."""
    if sys.stderr.isatty():
        with _bar(label) as advance:
            yield advance
    else:
        yield _spoken(label)


@contextmanager
def _bar(label: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _spoken(label: str) -> Progress:
    started = spoken = time.monotonic()

    def advance(done: int, total: int) -> None:
        nonlocal spoken
        now = time.monotonic()
        if now - spoken < SPOKEN_EVERY or not 0 < done < total:
            return
        spoken = now
        left = (now - started) / done * (total - done)
        say(f"{label}: {done:,} of {total:,}, about {left:.0f} s left")

    return advance


def _drawn(names: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[bool], title: str) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name, to_right in zip(names, right, strict=True):
        drawn.add_column(name, justify="right" if to_right else "left", overflow="fold")
    for line in cells:
        drawn.add_row(*(Text(text) for text in line))
    Console().print(drawn)


def _columns(rows: Rows) -> list[str]:
    # Rows of one answer may differ: a total has fields that its parts lack.
    return list(dict.fromkeys(name for row in rows for name in row))


def _is_amount(value: Any) -> bool:
    return value is None or (not isinstance(value, (bool, str)) and not hasattr(value, "__len__"))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def _pad(text: str, width: int, to_right: bool) -> str:
    gap = " " * (width - _width(text))
    return gap + text if to_right else text + gap
