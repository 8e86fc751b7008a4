"""Home to faults of our own: the trace goes into a file of the project, and the page says where."""

from __future__ import annotations

import os
import secrets
import sys
import time
import traceback
from pathlib import Path

from ytterby import __version__
from ytterby.terms.errors import YtterbyError


class Fault(YtterbyError):
    """Something went wrong that is nobody's fault but ours."""


def fault(error: BaseException, project: Path) -> Fault:
    """The error told as ours, its trace kept in the project's ``logs/`` where that can be written."""
    name = f"fault-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{secrets.token_hex(2)}.log"
    kept = ""
    try:
        folder = project / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        trace = "".join(traceback.format_exception(error))
        (folder / name).write_text(
            f"ytterby {__version__}, Python {sys.version}\ndesk\n\n{trace}", "utf-8", errors="replace"
        )
        kept = f"logs/{name}"
    except OSError:
        pass
    return Fault(
        f"a fault in Ytterby itself ({type(error).__name__})",
        place=kept,
        remedy="please report it with that file" if kept else "please report what you did",
    )
