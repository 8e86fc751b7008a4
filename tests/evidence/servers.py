"""A small web server of our own on this machine, with pages that behave and pages that do not."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = (
    b'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Magnets</title></head><body><article><p>'
    b"Customs said on Wednesday that magnet exports rose by nearly 75 % in July to 5,577 t, most since January.</p>"
    b"</article></body></html>"
)


class Site:
    """What the server knows and has seen."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.url = ""

    def put(self, path: str, body: bytes = PAGE, status: int = 200, **headers: str) -> str:
        told = {"Content-Type": "text/html; charset=utf-8"} | {
            key.replace("_", "-"): one for key, one in headers.items()
        }
        self.pages[path] = (status, told, body)
        return self.url + path

    def asked(self, path: str) -> int:
        return sum(1 for one, _ in self.seen if one == path)


@contextmanager
def site() -> Iterator[Site]:
    known = Site()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

        def do_POST(self) -> None:
            known.seen.append((self.path, dict(self.headers)))
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, _, answer = known.pages.get(self.path, (404, {}, b"no such model"))
            self._send(status, {}, answer + body)

        def do_GET(self) -> None:
            known.seen.append((self.path, dict(self.headers)))
            with suppress(OSError):
                if self.path == "/endless":
                    self._endless(b"<p>more and more</p>" * 500)
                elif self.path == "/endless.rss":
                    self._feed()
                elif self.path == "/drip":
                    self._drip()
                elif self.path == "/bomb":
                    self._send(200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(64 * 2**20)))
                elif self.path == "/short":
                    self.send_response(200)
                    self.send_header("Content-Length", "1000")
                    self.end_headers()
                    self.wfile.write(b"half of it")
                else:
                    self._known()

        def _known(self) -> None:
            status, headers, body = known.pages.get(self.path, (404, {}, b""))
            if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
            self._send(status, headers, body)

        def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _endless(self, piece: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            for _ in range(20_000):
                self.wfile.write(piece)

        def _feed(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.end_headers()
            self.wfile.write(b'<?xml version="1.0"?><rss version="2.0"><channel><title>Endless</title>')
            for number in range(200_000):
                self.wfile.write(
                    b"<item><title>Note %d</title><link>%s/note/%d</link></item>" % (number, known.url.encode(), number)
                )

        def _drip(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            for _ in range(200):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    known.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
