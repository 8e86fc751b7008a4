"""Home to the desk as its user starts it: the verb `serve` in a process of its own, on a project of the bench's own."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

LEVER = "second-source-early"
START = "from ytterby.cli import main; main()"


def sample(folder: Path) -> Path:
    """A project in which the documents that come with Ytterby were read."""
    import ytterby

    project = ytterby.init(folder)
    project.read([project.sample])
    return folder


def tracked(project: Path, weeks: int = 13) -> None:
    """Has invented events captured, with diversions among them, so that there is something to track."""
    with tempfile.TemporaryDirectory() as kept:
        made = Path(kept) / "made"
        more = ("--weeks", str(weeks), "--planted", "6")
        subprocess.run(verb(project, "emit", "baseline", "--out", str(made), *more), check=True, capture_output=True)
        (project / "custody").mkdir(exist_ok=True)
        for name in ("registry.yaml", "permits.yaml"):
            shutil.copy(made / name, project / "custody" / name)
        # Some of the events are wrong, as people's are: those are refused, and the verb says so by its status.
        subprocess.run(verb(project, "capture", str(made / "events.jsonl")), check=False, capture_output=True)


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


def filled(address: str, path: str, form: str, **fields: str) -> str:
    """Sends a form of a page as a reader does; the path of the page it leads to."""
    with urllib.request.urlopen(address + path, timeout=120) as page:
        key = re.search(r'name="_key" value="([^"]+)"', page.read().decode())
    assert key, f"{path} has no form"
    body = urlencode({"_form": form, "_key": key[1], **fields}).encode()
    question = urllib.request.Request(address + path, body, {"origin": address, "accept-language": "en"})
    with urllib.request.urlopen(question, timeout=120) as answer:
        return urlsplit(answer.geturl()).path


def ended(address: str, job: str, seconds: float = 600.0) -> dict[str, Any]:
    """Waits for a job to be done, and gives what it made."""
    end = time.monotonic() + seconds
    while (told := asked(f"{address}/api/jobs/{job}"))["state"] != "done":
        assert told["state"] in ("waiting", "running"), told
        assert time.monotonic() < end, told
        time.sleep(0.1)
    result: dict[str, Any] = told["result"]
    return result


def run(address: str, **order: Any) -> str:
    """Has the desk make a run, and waits for it; its id."""
    return str(ended(address, asked(f"{address}/api/run", order)["job"])["run"])


def lived_in(address: str, draws: int) -> None:
    """Leaves on a desk what its readers would: two runs, a report, a scenario of their own, a watch."""
    first, _ = (run(address, scenario="april-2025", draws=draws, seed=0, levers=levers) for levers in ([], [LEVER]))
    ended(address, filled(address, f"/en/run/{first}", "report").rpartition("/")[2])
    filled(address, "/en/scenario/april-2025", "copy", name="my-april")
    filled(address, "/en/watches", "new", name="eu-licences")
