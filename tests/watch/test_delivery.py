"""Delivery: into files once, to a webhook and a mail server of our own; what cannot go out waits and is not lost."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.watch.orders import FALLING, order

from ytterby import watch
from ytterby.watch import alerts, delivery
from ytterby.watch.workflows import Channel

if TYPE_CHECKING:
    from ytterby.project import Project


class Hook:
    """A server that takes alerts, or refuses them."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.url = ""


@contextmanager
def hook() -> Iterator[Hook]:
    known = Hook()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if known.status == 200:
                known.got.append((dict(self.headers), json.loads(body)))
            self.send_response(known.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        known.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield known
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def post_office() -> Iterator[tuple[int, list[str]]]:
    """A mail server that speaks as much SMTP as one letter needs."""
    letters: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                word = line.strip().upper().split(b" ")[0].split(b":")[0]
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    lines = []
                    while (part := self.rfile.readline()) != b".\r\n":
                        lines.append(part.decode())
                    letters.append("".join(lines))
                    self.wfile.write(b"250 taken\r\n")
                elif word == b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                else:
                    self.wfile.write(b"250 ok\r\n")

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1]), letters
        finally:
            server.shutdown()
            thread.join()


def told() -> dict[str, Any]:
    brief = {"core": {"text": "批准率<b>下降</b>", "cites": [1]}, "groups": []}
    document = {"id": "d1", "title": "T\r\nBcc: x@example.org", "publisher": "P", "date": "2025-09-28", "brief": brief}
    return alerts.alert(
        workflow="w", title="Licences", changes=[], moved=[], fresh=[], documents=[document], runs={}, at="2026-01-01"
    )


def test_a_file_gets_an_alert_once_and_a_torn_line_harms_nothing(tmp_path: Path) -> None:
    path = tmp_path / "alerts" / "a.jsonl"
    path.parent.mkdir()
    path.write_text('{"id": "torn', encoding="utf-8")
    for _ in range(3):
        delivery.deliver(Channel(file="alerts/a.jsonl"), told(), tmp_path)
        delivery.deliver(Channel(markdown="alerts/a.md"), told(), tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    assert json.loads(lines[1])["id"] == told()["id"]
    page = (tmp_path / "alerts" / "a.md").read_text(encoding="utf-8")
    assert page.count(alerts.mark(told()["id"])) == 1
    assert "<b>" not in page


def test_a_letter_arrives_whole_with_one_subject_and_no_header_of_a_documents_own(tmp_path: Path) -> None:
    with post_office() as (port, letters):
        mail = {"to": ["a@example.org"], "from": "b@example.org", "host": "127.0.0.1", "port": port, "tls": "none"}
        delivery.deliver(Channel.model_validate({"email": mail}), told(), tmp_path)
    (letter,) = letters
    head = letter.partition("\r\n\r\n")[0]
    assert f"Message-ID: <{told()['id']}@ytterby.invalid>" in head
    assert not any(line.lower().startswith("bcc:") for line in head.splitlines())


def test_an_undeliverable_alert_is_kept_and_goes_out_later(tmp_path: Path, project: Project) -> None:
    with hook() as server:
        channels = [{"file": "a.jsonl"}, {"webhook": {"url": server.url, "allow_private": True}}]
        asked = watch.load(order(tmp_path, briefs=True, alerts=channels), project.path)
        (tmp_path / "articles" / "a.txt").write_text(FALLING, encoding="utf-8")
        server.status = 503
        lines: list[str] = []
        (first,) = watch.once(project, [asked], lines.append)
        assert (first.delivered, first.waiting, len(first.alerts)) == (1, 1, 1)
        assert any("503" in line for line in lines)
        server.status = 200
        (second,) = watch.once(project, [asked])
        assert (second.delivered, second.waiting, second.alerts) == (1, 0, [])
        (third,) = watch.once(project, [asked])
        assert (third.delivered, third.waiting) == (0, 0)
    ((headers, body),) = server.got
    assert headers["Idempotency-Key"] == body["id"] == first.alerts[0]
    assert len((project.path / "a.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_a_secret_that_is_not_set_is_named_and_one_that_is_never_told(
    tmp_path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = watch.load(
        order(tmp_path, briefs=True, alerts=[{"webhook": {"url_env": "YTTERBY_TEST_HOOK", "allow_private": True}}]),
        project.path,
    )
    (tmp_path / "articles" / "a.txt").write_text(FALLING, encoding="utf-8")
    lines: list[str] = []
    watch.once(project, [asked], lines.append)
    assert any("YTTERBY_TEST_HOOK is not set" in line for line in lines)
    monkeypatch.setenv("YTTERBY_TEST_HOOK", "http://127.0.0.1:9/very-secret-path")
    lines.clear()
    (done,) = watch.once(project, [asked], lines.append)
    assert done.waiting == 1
    assert "very-secret-path" not in " ".join(lines) + (project.path / watch.LOG).read_text(encoding="utf-8")
