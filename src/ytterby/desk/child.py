"""Home to the desk's children: a module run in a process of its own, spoken with line by line."""

from __future__ import annotations

import subprocess
import sys


def started(module: str, *arguments: str) -> subprocess.Popen[str]:
    """The process of a module, its input and output piped as lines of text.

    Raises:
        OSError: it could not be started.
    """
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        # Its own session: Ctrl-C in the terminal is for the desk, which then stops it in order.
        start_new_session=True,
    )
