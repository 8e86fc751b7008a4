"""Home to the desk as its user starts it: the verb `serve` in a process of its own, on a project of the bench's own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START = "from ytterby.cli import main; main()"


def sample(folder: Path) -> Path:
    """A project in which the documents that come with Ytterby were read."""
    import ytterby

    project = ytterby.init(folder)
    project.read([project.sample])
    return folder


def verb(project: Path, *words: str) -> list[str]:
    """The command of a verb."""
    return [sys.executable, "-c", START, "--project", str(project), *words]


@contextmanager
def serving(project: Path) -> Iterator[str]:
    """Serves a project until the end of the block; the address it listens on."""
    command = verb(project, "serve", "--port", "0", "--json")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as desk:
        try:
            assert desk.stdout is not None
            line = desk.stdout.readline()
            assert line, desk.communicate()[1]
            yield json.loads(line)["address"].rstrip("/")
        finally:
            desk.send_signal(signal.SIGINT)
            said = desk.communicate(timeout=30)[1]
            assert "Traceback" not in said, said


def asked(address: str, sent: dict[str, Any] | None = None, method: str | None = None) -> Any:
    """What the desk's machine interface answers."""
    body = None if sent is None else json.dumps(sent).encode()
    question = urllib.request.Request(address, body, {"content-type": "application/json"}, method=method)
    with urllib.request.urlopen(question, timeout=120) as answer:
        return json.load(answer)


def run(address: str, seconds: float = 600.0, **order: Any) -> str:
    """Has the desk make a run, and waits for it; its id."""
    job = asked(f"{address}/api/run", order)["job"]
    end = time.monotonic() + seconds
    while (told := asked(f"{address}/api/jobs/{job}"))["state"] != "done":
        assert told["state"] in ("waiting", "running"), told
        assert time.monotonic() < end, told
        time.sleep(0.1)
    return str(told["result"]["run"])
