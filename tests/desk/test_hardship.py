"""Home to the proof that a desk in trouble stays honest: hostile addresses, two hands at once, locks, full disks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

import ytterby
from ytterby.desk import app as wiring
from ytterby.desk import counter, register, urls
from ytterby.desk.app import create_app
from ytterby.desk.page import Given
from ytterby.evidence import contested
from ytterby.project import Project
from ytterby.terms.errors import YtterbyError

OWN = {"origin": "http://localhost:8039", "sec-fetch-site": "same-origin"}
ARTICLE = """China exported 1,238 tonnes of magnets in May 2025

Reuters, 2025-06-20

China exported 1,238 tonnes of rare-earth magnets in May 2025, customs said.
"""
HOSTILE = [
    "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e", "%2e%2e%2fytterby.toml", "%2fetc%2fpasswd", "%00", "a%00b", "~root",
    "~nosuchuser", "~~nosuchuser", "..%5c..%5cetc%5cpasswd", "C:%5Cwindows", "%F0%28%8C", "%ED%A0%80", "'%20OR%201=1--",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "a" * 3000, "%0d%0aset-cookie:x=1", "{{7*7}}", "$(id)", "-", "*", "%25",
]  # fmt: skip


@pytest.fixture
def told(tmp_path: Path) -> Iterator[tuple[Project, TestClient]]:
    """A desk on a project with one claim that waits."""
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    project = ytterby.init(tmp_path / "project")
    project.read([tmp_path / "a.txt"])
    project.claims()
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as one:
        yield project, one


def verdict(client: TestClient, claim: str, what: str = "accept", who: str = "Ada") -> Any:
    key = client.app.state.desk.key  # type: ignore[attr-defined]
    data = {"_key": key, "_form": "review", "verdict": what, "reviewer": who, "reason": "typed <by> hand", "seen": ""}
    return client.post(f"/en/claim/{claim}", data=data, headers=OWN)


def waiting(project: Project) -> str:
    return project.claims(status="pending")[0].id


@pytest.mark.parametrize("name", HOSTILE)
def test_no_address_leads_out_of_the_project(client: TestClient, name: str) -> None:
    about = [page for page in register.register().values() if page.about]
    paths = [f"/en/{'/'.join((page.name, *[name] * len(page.about)))}{end}" for page in about for end in ("", ".json")]
    paths += [f"/api/{verb}/{name}" for verb in ("brief", "topic", "jobs")] + [f"/api/show/{name}/exports"]
    paths += [f"/api/claims?document={name}", f"/api/claims?path={name}", f"/static/{name}", f"/events/{name}"]
    paths += [
        f"/zh/today/-/{name}.csv",
        f"/en/documents?page={name}",
        f"/en/search?q={name}",
        f"/{name}",
        f"/en/{name}",
    ]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code < 500 or (answer.status_code == 503), (path, answer.text[:400])
        for leak in ("Traceback", "root:x:", "[project]"):
            assert leak not in answer.text, path
        assert not answer.headers["content-type"].startswith("text/html") or "<script>alert(1)" not in answer.text
        assert "x=1" not in answer.headers.get("set-cookie", "")


def test_a_run_is_named_and_not_a_file_of_this_machine(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("password: hunter2\n", encoding="utf-8")
    for name in (str(tmp_path / "secret.yaml"), "../../secret.yaml", "~/x.yml"):
        answer = client.post("/api/run", json={"scenario": name})
        assert answer.status_code == 404
        assert "hunter2" not in answer.text


@pytest.mark.parametrize("part", ["query", "header"])
def test_ten_megabytes_are_refused_and_the_desk_goes_on(served: str, part: str) -> None:
    host, _, port = urlsplit(served).netloc.partition(":")
    flood = b"x" * (10 * 2**20)
    head = b"GET /en/today?q=" + flood if part == "query" else b"GET /en/today"
    extra = b"x-much: " + flood + b"\r\n" if part == "header" else b""
    with socket.create_connection((host, int(port)), timeout=30) as line:
        try:
            line.sendall(head + b" HTTP/1.1\r\nhost: localhost\r\n" + extra + b"\r\n")
            answer = line.recv(200)
        except ConnectionError:
            answer = b""  # hung up on while still talking
    assert answer[9:10] in (b"4", b"")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(f"GET /en/jobs HTTP/1.1\r\nhost: localhost:{port}\r\nconnection: close\r\n\r\n".encode())
        assert line.recv(12) == b"HTTP/1.1 200"


def test_of_two_who_decide_at_once_one_is_told(told: tuple[Project, TestClient]) -> None:
    project, client = told
    claim, gate = waiting(project), threading.Barrier(2)
    desk: counter.Counter = client.app.state.desk  # type: ignore[attr-defined]
    found: dict[str, Any] = {}

    def decide(who: str, what: str) -> None:
        fields = {"verdict": (what,), "reviewer": (who,), "reason": (f"because {who}",), "seen": ("",)}
        gate.wait()
        found[who] = desk.take(urls.to("claim", claim), Given("review", fields), desk.key)

    hands = [threading.Thread(target=decide, args=one) for one in (("Ada", "accept"), ("Bo", "reject"))]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    refused = [who for who, one in found.items() if getattr(one, "status", 303) == 400]
    assert len(refused) == 1
    (first,) = set(found) - set(refused)
    page = found[refused[0]].body.decode()
    assert f"{first} decided meanwhile" in page
    assert f"because {refused[0]}" in page
    assert [one["reviewer"] for one in project.reviews(claim)] == [first]


def test_a_locked_database_is_read_and_says_so_when_written(
    told: tuple[Project, TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, client = told
    claim = waiting(project)
    open_ = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **more: open_(*given, **{**more, "timeout": 0.2}))
    from ytterby.store import database

    connect = database._connect
    monkeypatch.setattr(database, "_connect", lambda path, how, wait: connect(path, how, min(wait, 0.2)))
    with open_(project.path / "ytterby.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        # Another line of the overlay would be put into the store now, if it could be.
        (project.path / "overlay" / "note.txt").write_text("x", encoding="utf-8")
        for page in ("today", "documents", "claims", "topics", "sources", "watches", f"claim/{claim}"):
            assert client.get(f"/en/{page}").status_code == 200, page
        answer = verdict(client, claim)
        assert answer.status_code == 503
        assert "another process is writing" in answer.text
        assert "typed &lt;by&gt; hand" in answer.text
        other.execute("ROLLBACK")
    assert project.reviews(claim) == []
    assert verdict(client, claim).status_code == 303


CHILD = """
import resource, sys, ytterby
from ytterby.desk import urls
from ytterby.desk.counter import Counter
from ytterby.desk.page import Given
project = ytterby.open(sys.argv[1])
desk = Counter(project)
claim = project.claims(status="pending")[0].id
if sys.argv[2] == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
for page in ("today", "documents", "claims", "topics", "sources", "watches", "jobs"):
    made = desk.show(urls.to(page))
    assert made.status == 200, (page, made.body.decode())
fields = {"verdict": ("accept",), "reviewer": ("Ada",), "reason": ("typed by hand",), "seen": ("",)}
made = desk.take(urls.to("claim", claim), Given("review", fields), desk.key)
text = made.body.decode()
assert made.status == 503, text
assert "typed by hand" in text and "Traceback" not in text, text
assert any(word in text for word in ("cannot be written", "disk", "too large")), text
made = desk.take(urls.to("watches"), Given("new", {"name": ("mine",)}), desk.key)
assert made.status == 503 and "Traceback" not in made.body.decode(), made.body.decode()
"""


@pytest.mark.parametrize("what", ["shut", "full"])
def test_a_project_that_cannot_be_written_is_read_and_loses_nothing(tmp_path: Path, what: str) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    project = ytterby.init(tmp_path / "project")
    project.read([tmp_path / "a.txt"])
    claim = waiting(project)
    before = []
    if what == "shut":
        if os.geteuid() == 0 and shutil.which("setpriv") is None:
            pytest.skip("root writes everywhere, and there is no setpriv to make it stop")
        before = ["setpriv", "--bounding-set=-all"] if os.geteuid() == 0 else []
        _rights(project.path, 0o555, 0o444)
    command = [*before, sys.executable, "-c", CHILD, str(project.path), what]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    finally:
        _rights(project.path, 0o755, 0o644)
    assert done.returncode == 0, done.stderr[-3000:]
    assert project.reviews(claim) == []
    assert not (project.path / "workflows" / "mine.yaml").exists()
    project.review("accepted", [claim], reviewer="Ada")
    assert len(project.reviews(claim)) == 1


def _rights(folder: Path, of_folders: int, of_files: int) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(of_folders if path.is_dir() else of_files)


def test_a_killed_desk_leaves_no_work_and_no_half_run(tmp_path: Path) -> None:
    project = ytterby.init(tmp_path / "project")
    start = "from ytterby.cli import main; main()"
    command = [sys.executable, "-c", start, "--project", str(project.path), "serve", "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as desk:
        assert desk.stdout is not None
        address = json.loads(desk.stdout.readline())["address"].rstrip("/")
        order = json.dumps({"scenario": "april-2025", "draws": 5000})
        subprocess.run(
            [sys.executable, "-c", _POST, f"{address}/api/run", order], check=True, capture_output=True, timeout=60
        )
        (told,) = _until(lambda: list((project.path / "desk" / "jobs").glob("*.json")))
        _until(lambda: json.loads(told.read_text(encoding="utf-8"))["state"] == "running")
        desk.send_signal(signal.SIGKILL)
    (told,) = (project.path / "desk" / "jobs").glob("*.json")
    with TestClient(create_app(project.path), base_url="http://localhost:8039") as client:
        page = client.get(f"/en/job/{told.stem}")
        assert page.status_code == 200
        assert client.get(f"/api/jobs/{told.stem}").json()["state"] in ("waiting", "running")
        assert client.get("/api/runs").json() == []
        assert client.delete(f"/api/jobs/{told.stem}", headers=OWN).json()["state"] == "cancelled"
    assert list((project.path / "runs").glob("*/run.json")) == []


_POST = """
import sys, urllib.request
heads = {"content-type": "application/json"}
urllib.request.urlopen(urllib.request.Request(sys.argv[1], sys.argv[2].encode(), heads)).read()
"""


def _until(reached: Any, seconds: float = 60.0) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := reached():
                return found
        except ValueError:  # half of a file that is just being written
            pass
        time.sleep(0.05)
    raise AssertionError("it never came")


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.txt", b""), ("broken.pdf", b"%PDF-1.4 not one"), ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(200)),
     ("binary.txt", bytes(range(256)) * 4)],
)  # fmt: skip
def test_files_that_are_no_documents_are_refused_by_name(fresh: TestClient, name: str, content: bytes) -> None:
    told = fresh.post("/api/read/files", files=[("files", (name, content))])
    assert told.status_code < 500
    assert "Traceback" not in told.text
    (one,) = told.json()["documents"]
    assert one["status"] == "refused"
    assert one["error"]
    assert fresh.get("/api/documents").json() == []


def test_a_form_without_a_file_says_so(told: tuple[Project, TestClient]) -> None:
    _, client = told
    key = client.app.state.desk.key  # type: ignore[attr-defined]
    answer = client.post("/en/documents", data={"_key": key, "_form": "read"}, headers=OWN)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_followers_are_counted(told: tuple[Project, TestClient], monkeypatch: pytest.MonkeyPatch) -> None:
    _, client = told
    job = client.post("/api/run", json={"scenario": "april-2025", "draws": 5000}).json()["job"]
    monkeypatch.setattr(wiring, "MOST_FOLLOWERS", 0)
    answer = client.get(f"/events/{job}")
    assert answer.status_code == 503
    assert "follow jobs already" in answer.json()["error"]["cause"]
    client.delete(f"/api/jobs/{job}", headers=OWN)
    monkeypatch.undo()
    for _ in range(3):  # who has left counts no longer
        monkeypatch.setattr(wiring, "MOST_FOLLOWERS", 1)
        assert client.get(f"/events/{job}").status_code == 200


def test_a_long_document_is_shown_in_parts_and_every_passage_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [f"In May 20{10 + n % 15} China exported {1000 + n} tonnes of rare-earth magnets." for n in range(60)]
    (tmp_path / "long.txt").write_text("Exports\n\nReuters, 2025-06-20\n\n" + "\n\n".join(many), encoding="utf-8")
    project = ytterby.init(tmp_path / "project")
    (reading,) = project.read([tmp_path / "long.txt"])
    for place in ("ytterby.desk.page", "ytterby.desk.pages.document"):
        monkeypatch.setattr(f"{place}.PASSAGES", 25)
    monkeypatch.setattr(contested, "FLOOD", 10)
    desk = counter.Counter(project)
    seen: set[int] = set()
    for claim in project.claims(document=reading.id):
        assert claim.passage is not None
        number = (claim.passage - 1) // 25 + 1
        made = desk.show(urls.to("document", reading.id, asked={"page": str(number)} if number > 1 else {}))
        text = made.body.decode()
        assert f'id="p{claim.passage}"' in text
        assert f'id="{claim.id}"' in text
        assert text.count('class="passage') < 3 * 25
        asked = desk._asked(register.page_at(urls.to("today")), urls.to("today"))
        assert asked.to("document", reading.id, at=f"p{claim.passage}").path == (
            f"/en/document/{reading.id}" + (f"?page={number}" if number > 1 else "")
        )
        seen.add(number)
    assert len(seen) > 1
    rows = json.loads(desk.show(urls.to("document", reading.id).as_form("json")).body)["rows"]
    assert len(rows) == len(project.claims(document=reading.id))


def test_every_refusal_bears_cause_and_remedy(told: tuple[Project, TestClient]) -> None:
    project, _ = told
    for wrong in ("~nosuchuser", "~nosuchuser/x.txt", "no/such/file.txt"):
        with pytest.raises(YtterbyError) as refused:
            project.brief(wrong)
        assert refused.value.cause
        assert refused.value.remedy or refused.value.place
