"""Home to the command line's front: the verbs under one name, and how every failure is told.

Exit status: 0 done, 1 the input was refused, 2 wrong usage, 70 a fault of ours (with a log), 130 stopped by Ctrl-C,
141 the reader of our output went away.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ytterby import __version__
from ytterby.cli import (
    answering,
    balancing,
    bargaining,
    checking,
    claiming,
    explaining,
    forecasting,
    hedging,
    interface,
    investing,
    reading,
    risking,
    serving,
    spreading,
    tracking,
    watching,
)
from ytterby.cli.speaking import Ask, ReaderGone, say

if TYPE_CHECKING:
    from ytterby.terms.errors import YtterbyError

REFUSED, USAGE, FAULT, INTERRUPTED, PIPE_CLOSED = 1, 2, 70, 130, 141

EPILOG = """\b
Every verb takes --project DIR and --json (one JSON value on standard output; messages go to standard error).
Start with:  ytterby init demo && ytterby --project demo run april-2025
"""


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--project",
    "project",
    type=click.Path(path_type=Path),
    help="Project folder; without it the nearest one upward, else your own default.",
)
@click.version_option(__version__, prog_name="ytterby")
@click.pass_context
def ytterby(context: click.Context, project: Path | None) -> None:
    """The control room for rare earths: from the sentence in an article to the shortage on a line."""
    context.obj = Ask(path=project)


_DECISIONS = (explaining, hedging, investing, bargaining)
_CUSTODY = (tracking, balancing)
_REST = (answering, serving, spreading, watching, interface)
for _room in (reading, claiming, checking, forecasting, risking, *_DECISIONS, *_CUSTODY, *_REST):
    for _verb in _room.VERBS:
        ytterby.add_command(_verb)


def main(args: Sequence[str] | None = None) -> None:
    """Runs the command line and leaves the process with its exit status; no traceback reaches the terminal."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(outcome(args))


def outcome(args: Sequence[str] | None = None) -> int:
    """The exit status of one command line; failures are told on standard error."""
    try:
        status = ytterby.main(args=args, prog_name="ytterby", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("stopped; nothing half-written was kept")
        return INTERRUPTED
    except (ReaderGone, BrokenPipeError):
        return _pipe_closed()
    except Exception as error:
        return _failed(error)
    # click hands --help and --version back as an integer, a verb's own answer is None.
    return status if isinstance(status, int) else 0


def _pipe_closed() -> int:
    # Python flushes standard output once more at exit, which would fail again and say so.
    with open(os.devnull, "w") as sink:
        os.dup2(sink.fileno(), sys.stdout.fileno())
    return PIPE_CLOSED


def _failed(error: Exception) -> int:
    from ytterby.terms.errors import YtterbyError

    if os.environ.get("YTTERBY_DEBUG") == "1":
        traceback.print_exception(error)
    if isinstance(error, YtterbyError):
        _explain(error)
        return error.exit_code
    if isinstance(error, OSError):
        from ytterby.store.disk import told

        _explain(told(error, "read or write a file", error.filename or ""))
        return REFUSED
    log = _log(error)
    say(f"a fault in Ytterby itself: {type(error).__name__}: {_first_line(error)}")
    say(f"where: {log or 'no log could be written; YTTERBY_DEBUG=1 shows it here'}")
    say("what to do: please report it with that file; YTTERBY_DEBUG=1 shows the trace in the terminal")
    return FAULT


def _explain(error: YtterbyError) -> None:
    say(f"error: {error.cause}")
    if error.place:
        say(f"where: {error.place}")
    if error.remedy:
        say(f"what to do: {error.remedy}")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200]


def _log(error: Exception) -> Path | None:
    # In the project where there is one: that is the folder a user can find again and send.
    try:
        root = _nearest_project()
        folder = root / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"fault-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
        text = "".join(traceback.format_exception(error))
        path.write_text(
            f"ytterby {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n{text}", encoding="utf-8"
        )
    except OSError:
        return None
    return path


def _nearest_project() -> Path:
    import platformdirs

    named = next((sys.argv[i + 1] for i, word in enumerate(sys.argv[:-1]) if word == "--project"), None)
    here = Path(named) if named else Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "ytterby.toml").is_file():
            return folder
    return Path(platformdirs.user_state_dir("ytterby"))
