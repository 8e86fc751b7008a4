"""Home to the peers' throw-away environments: made, filled with pinned versions, asked, and gone with their folder.

With YTTERBY_PEERS=DIR in the environment they are kept there and found again.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

PEER = "nicegui"
SCRIPT = Path(__file__).with_name("peerdesk.py")

PINNED: dict[str, tuple[str, ...]] = {
    "nicegui": ("nicegui==3.18.0",),
    "boario": ("boario==0.7.2", "pymrio==0.7.0", "progressbar2==4.6.0", "numpy==2.4.6", "pandas==3.1.1"),
    "flodym": ("flodym==1.1.0", "numpy==2.4.6", "scipy==1.17.1"),
    "geopolrisk-py": ("geopolrisk-py==2.0.1", "pandas==2.3.3"),
    "ema_workbench": ("ema_workbench==2.5.3",),  # 3.0 asks for Python 3.12
}
"""Peer -> what its environment is filled with."""


def installed(folder: Path, peer: str, *others: str) -> tuple[Path, str] | None:
    """The Python of a new environment with the peer in it, and the peer's version; None where it cannot be had."""
    kept = os.environ.get("YTTERBY_PEERS")
    folder = folder if not kept else Path(kept).resolve() / peer.partition("=")[0]
    python = folder / "bin" / "python"
    version = f"import importlib.metadata as m; print(m.version('{peer.partition('=')[0]}'))"
    try:
        if python.exists():
            told = subprocess.run([python, "-c", version], check=True, capture_output=True, text=True)
            return python, told.stdout.strip()
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
        subprocess.run(
            [python, "-m", "pip", "install", "-q", peer, *others], check=True, capture_output=True, timeout=600
        )
        told = subprocess.run([python, "-c", version], check=True, capture_output=True, text=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return python, told.stdout.strip()


@contextmanager
def serving(python: Path, page: dict[str, Any], folder: Path) -> Iterator[str]:
    """Serves a page's rows by the peer; its address."""
    file = folder / "page.json"
    file.write_text(json.dumps(page), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(python), str(SCRIPT), str(file), str(port)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as peer:
        address = f"http://localhost:{port}/"
        try:
            end = time.monotonic() + 60
            while True:
                assert peer.poll() is None, peer.communicate()[1]
                assert time.monotonic() < end, "the peer never answered"
                with suppress(OSError):
                    urllib.request.urlopen(address, timeout=30).close()
                    break
                time.sleep(0.2)
            yield address
        finally:
            peer.kill()


class Lines:
    """A peer's script in a process of its own, asked and answering line by line."""

    def __init__(self, python: Path, script: Path, folder: Path) -> None:
        self.errors = (folder / f"{script.stem}.errors").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [str(python), str(script), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )

    def ask(self, what: str) -> str:
        """The line that begins with ``took`` after `what` was asked; whatever else the peer prints is passed over."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("took "):
                return line
        self.errors.seek(0)
        raise SystemExit(f"the peer failed on {what}:\n{self.errors.read()[-2000:]}")

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.errors):
            assert pipe is not None
            pipe.close()
