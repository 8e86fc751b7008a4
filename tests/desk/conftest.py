"""Home to the desk that its tests look at: a project with hostile documents, a client without a server, a browser."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("fastapi")

from starlette.testclient import TestClient

import ytterby
from ytterby.desk.app import create_app
from ytterby.project import Project

CHROMIUM = next((at for name in ("chromium", "chromium-browser", "google-chrome") if (at := shutil.which(name))), "")
START = "from ytterby.cli import main; main()"
EVIL = "<script>alert('rare')</script><img src=x onerror=alert(1)>"
HOSTILE = f"""\
{EVIL} 2025年中国稀土出口

财新网 2025-07-12

中国占全球稀土分离产能的87%。{EVIL} "onmouseover=alert(2) 2025年5月中国出口磁体1238吨。
"""
PLAIN = """\
China exported 1,238 tonnes of magnets in May 2025

Reuters, 2025-06-20

China exported 1,238 tonnes of rare-earth magnets in May 2025, customs said. =1+1 stands here too.
"""


@pytest.fixture(scope="package")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project in which two documents were read; tests that change one make their own."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
    (folder / "plain.txt").write_text(PLAIN, encoding="utf-8")
    project = ytterby.init(folder / "project")
    project.read([folder / "hostile.txt", folder / "plain.txt"])
    return project


@pytest.fixture(scope="package")
def client(stocked: Project) -> Iterator[TestClient]:
    """A browser without script at the desk of the stocked project."""
    with TestClient(create_app(stocked.path), base_url="http://localhost:8039", follow_redirects=False) as one:
        yield one


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[TestClient]:
    """A browser at the desk of an empty project of its own."""
    project = ytterby.init(tmp_path / "project")
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as one:
        yield one


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a desk that really serves a project of its own, started by its verb."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
    ytterby.init(folder / "project").read([folder / "hostile.txt"])
    command = [sys.executable, "-c", START, "--project", str(folder / "project"), "serve", "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as desk:
        try:
            assert desk.stdout is not None
            line = desk.stdout.readline()
            assert line, desk.communicate()[1]
            yield json.loads(line)["address"].rstrip("/")
        finally:
            desk.send_signal(signal.SIGINT)
            said = desk.communicate(timeout=30)[1]
            assert "Traceback" not in said


class Browser:
    """A headless Chromium, spoken to over a pipe: no driver, no library. It reaches this machine alone."""

    def __init__(self, folder: Path) -> None:
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        flags = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
            f"--user-data-dir={folder}",
            "--remote-debugging-pipe",
            "about:blank",
        ]
        script = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self._process = subprocess.Popen(
            ["bash", "-c", script, CHROMIUM, *flags],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._waiting = b""
        self._count = 0
        self.heard: list[dict[str, Any]] = []
        page = next(one for one in self._ask("Target.getTargets")["targetInfos"] if one["type"] == "page")
        self._session = self._ask("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for part in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{part}.enable")

    def ask(self, method: str, **values: Any) -> dict[str, Any]:
        """One command to the page, and its answer."""
        return self._ask(method, self._session, **values)

    def open(self, address: str, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Opens a page as a screen of `width` px shows it, and waits until it is there."""
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.ask("Emulation.setEmulatedMedia", features=scheme)
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.heard.clear()
        self.ask("Page.navigate", url=address)
        self.until(lambda: any(one["method"] == "Page.loadEventFired" for one in self.heard))

    def run(self, script: str) -> Any:
        """What a line of script gives in the page."""
        told = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def press(self, key: str) -> None:
        """Presses a key."""
        text = {"text": key} if len(key) == 1 else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, code="Tab" if key == "Tab" else "", **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    def picture(self, path: Path) -> None:
        """Keeps a picture of the whole page."""
        told = self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(told["data"]))

    @property
    def complaints(self) -> list[str]:
        """What the console said since the page was opened: errors, refusals by the content policy."""
        logged = [one["params"]["entry"]["text"] for one in self.heard if one["method"] == "Log.entryAdded"]
        thrown = [str(one["params"]) for one in self.heard if one["method"] == "Runtime.exceptionThrown"]
        return logged + thrown

    @property
    def hosts(self) -> set[str]:
        """The hosts it asked."""
        asked = (one["params"]["request"]["url"] for one in self.heard if one["method"] == "Network.requestWillBeSent")
        return {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}

    def until(self, reached: Callable[[], Any], seconds: float = 30.0) -> None:
        """Listens until something is so."""
        end = time.monotonic() + seconds
        while not reached():
            assert time.monotonic() < end, "the browser never came so far"
            self._listen(0.2)

    def close(self) -> None:
        """Ends it."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def _ask(self, method: str, session: str = "", **values: Any) -> dict[str, Any]:
        self._count += 1
        told = {"id": self._count, "method": method, "params": values, **({"sessionId": session} if session else {})}
        os.write(self._out, json.dumps(told).encode() + b"\0")
        end = time.monotonic() + 60
        while time.monotonic() < end:
            for answer in self._listen(1.0):
                if answer.get("id") == told["id"]:
                    assert "error" not in answer, answer
                    found: dict[str, Any] = answer["result"]
                    return found
        raise AssertionError(f"no answer to {method}")

    def _listen(self, seconds: float) -> list[dict[str, Any]]:
        if b"\0" not in self._waiting and select.select([self._in], [], [], seconds)[0]:
            self._waiting += os.read(self._in, 1 << 20)
        *whole, self._waiting = self._waiting.split(b"\0")
        heard = [json.loads(one) for one in whole if one]
        self.heard += [one for one in heard if "method" in one]
        return heard


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser; where none is installed its tests are left out (`.ci/run` installs one)."""
    if not CHROMIUM:
        pytest.skip("no chromium here")
    one = Browser(tmp_path_factory.mktemp("chromium"))
    yield one
    one.close()
