"""Home to children: processes started from the interpreter itself and spoken to through their pipes.

So no script of the user's is run a second time, and a child ends with whoever started it, however that ends: it reads
the end of its input.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import IO

_START = "import sys; sys.path[:] = sys.argv[1:]; from {module} import {function}; {function}()"
_ALONE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Who wants several processors starts several children."""


def started(module: str, function: str = "serve") -> subprocess.Popen[bytes]:
    """A process that calls a function of a module, which it finds where we do; Ctrl-C in the terminal is not for it.

    Raises:
        OSError: it could not be started.
    """
    return subprocess.Popen(
        [sys.executable, "-c", _START.format(module=module, function=function), *map(str, sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **_ALONE},
        start_new_session=True,
    )


def pipes() -> tuple[IO[bytes], IO[bytes]]:
    """In the child: where words come from and where they go; what a library asks or prints stays out of them."""
    source = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), sys.stdin.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return source, out


def send(pipe: IO[bytes], content: bytes) -> None:
    """Puts one message on a pipe, its length before it."""
    pipe.write(len(content).to_bytes(8, "little"))
    pipe.write(content)
    pipe.flush()


def received(pipe: IO[bytes]) -> bytes:
    """The next message on a pipe, whole.

    Raises:
        EOFError: it ended before.
    """
    head = pipe.read(8)
    content = pipe.read(int.from_bytes(head, "little"))
    if len(head) < 8 or len(content) < int.from_bytes(head, "little"):
        raise EOFError
    return content
