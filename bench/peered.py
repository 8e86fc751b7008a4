"""Home to the peer's throw-away environment: made, filled, served from, and gone with its folder."""

from __future__ import annotations

import json
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


def installed(folder: Path, peer: str = PEER, *others: str) -> tuple[Path, str] | None:
    """The Python of a new environment with the peer in it, and the peer's version; None where it cannot be had."""
    python = folder / "bin" / "python"
    version = f"import importlib.metadata as m; print(m.version('{peer.partition('=')[0]}'))"
    try:
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
