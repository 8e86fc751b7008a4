"""Home to the browser: a headless Chromium spoken to over a pipe, without a driver or a library.

The tests of the desk look through it, the bench measures with it, and the pictures of the docs are taken with it.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CHROMIUM = next((at for name in ("chromium", "chromium-browser", "google-chrome") if (at := shutil.which(name))), "")
"""The program; empty where none is installed."""
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
    "--remote-debugging-pipe",
)
KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowDown": 40, "ArrowUp": 38}
"""What the system calls the keys that do something by themselves."""


class Browser:
    """A headless Chromium with one page. It reaches this machine alone."""

    def __init__(self, folder: Path) -> None:
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        script = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self._process = subprocess.Popen(
            ["bash", "-c", script, CHROMIUM, *FLAGS, f"--user-data-dir={folder}", "about:blank"],
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

    def look(self, *, width: int = 1280, height: int = 900, dark: bool = False, fine: float = 1) -> None:
        """Shows the page as a screen of `width` px does, in light or dark; what is open is laid out anew.

        `fine` counts the dots of a picture to a px.
        """
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.ask("Emulation.setEmulatedMedia", features=scheme)
        screen = {"width": width, "height": height, "deviceScaleFactor": fine, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **screen)

    def open(
        self, address: str, *, width: int = 1280, height: int = 900, dark: bool = False, seconds: float = 30.0
    ) -> None:
        """Opens a page as a screen of `width` px shows it, and waits until it is there."""
        self.look(width=width, height=height, dark=dark)
        self.going(lambda: self.ask("Page.navigate", url=address), seconds)

    def going(self, do: Callable[[], Any], seconds: float = 30.0) -> None:
        """Does what leads to another page, and waits until that is there; what was heard before is forgotten."""
        self.heard.clear()
        do()
        self.until(lambda: any(one["method"] == "Page.loadEventFired" for one in self.heard), seconds)

    def back(self) -> None:
        """Goes back by the browser's own button, and waits until the page before is there."""
        told = self.ask("Page.getNavigationHistory")
        before = told["entries"][told["currentIndex"] - 1]
        self.heard.clear()
        self.ask("Page.navigateToHistoryEntry", entryId=before["id"])
        self.until(lambda: self.run("document.readyState === 'complete' && location.href") == before["url"])

    def run(self, script: str) -> Any:
        """What a line of script gives in the page."""
        told = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def press(self, key: str, *, shift: bool = False) -> None:
        """Presses a key."""
        told: dict[str, Any] = {"key": key, "modifiers": 8 if shift else 0}
        if key in KEYS:
            told |= {"code": "Space" if key == " " else key, "windowsVirtualKeyCode": KEYS[key]}
        text = {"text": "\r"} if key == "Enter" else {"text": key} if len(key) == 1 else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown", **told, **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **told)

    def write(self, text: str) -> None:
        """Types text where the focus is."""
        self.ask("Input.insertText", text=text)

    def picture(self, path: Path | None = None, tallest: float = 16_000) -> bytes:
        """A picture of the whole page as PNG; kept in `path` where one is given."""
        size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], tallest), "scale": 1}
        told = self.ask("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        made = base64.b64decode(told["data"])
        if path is not None:
            path.write_bytes(made)
        return made

    def save_to(self, folder: Path) -> None:
        """Saves what is downloaded in a folder, without asking."""
        self._ask("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder), eventsEnabled=True)

    def saved(self, do: Callable[[], Any]) -> str:
        """Does what saves a file, waits until it is whole, and gives the name it was offered under."""
        self.heard.clear()
        do()

        def told(kind: str) -> list[dict[str, Any]]:
            return [one["params"] for one in self.heard if one["method"] == f"Browser.download{kind}"]

        self.until(lambda: any(one["state"] == "completed" for one in told("Progress")))
        return str(told("WillBegin")[0]["suggestedFilename"])

    @property
    def complaints(self) -> list[str]:
        """What the console said since the page was opened: errors, warnings, refusals by the content policy."""
        logged = [one["params"]["entry"]["text"] for one in self.heard if one["method"] == "Log.entryAdded"]
        thrown = [str(one["params"]) for one in self.heard if one["method"] == "Runtime.exceptionThrown"]
        said = [str(one["params"]["args"]) for one in self.heard if one["method"] == "Runtime.consoleAPICalled"]
        return logged + thrown + said

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
        sent = json.dumps(told).encode() + b"\0"
        while sent:
            sent = sent[os.write(self._out, sent) :]
        end = time.monotonic() + 60
        while time.monotonic() < end:
            for answer in self._listen(1.0):
                if answer.get("id") == told["id"]:
                    assert "error" not in answer, answer
                    found: dict[str, Any] = answer["result"]
                    return found
        raise AssertionError(f"no answer to {method}")

    def _ready(self, seconds: float) -> bool:
        # not select(): it knows no file beyond the thousandth
        asked = select.poll()
        asked.register(self._in, select.POLLIN)
        return bool(asked.poll(seconds * 1000))

    def _listen(self, seconds: float) -> list[dict[str, Any]]:
        if b"\0" not in self._waiting and self._ready(seconds):
            self._waiting += os.read(self._in, 1 << 20)
        *whole, self._waiting = self._waiting.split(b"\0")
        heard = [json.loads(one) for one in whole if one]
        self.heard += [one for one in heard if "method" in one]
        return heard
