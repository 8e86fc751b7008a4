"""Home to the proof of the wiring: freshness, compression, old addresses, honest errors, forms, the interface."""

from __future__ import annotations

import gzip
import json
import sys
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import ytterby
from ytterby.desk import register, shelf, urls
from ytterby.desk.app import create_app
from ytterby.desk.blocks import Field, Form, Text
from ytterby.desk.page import Asked, Done, Given, Page, Section, Shown
from ytterby.project import Project
from ytterby.terms.errors import BadValue, RunError, StoreError

OWN = {"origin": "http://localhost:8039", "sec-fetch-site": "same-origin"}


# freshness


def test_a_page_is_not_sent_twice(client: TestClient) -> None:
    client.get("/en/sources")
    first = client.get("/en/sources")
    assert first.headers["cache-control"] == "private, no-cache"
    again = client.get("/en/sources", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert client.get("/en/sources", headers={"if-none-match": 'W/"other"'}).status_code == 200
    assert client.get("/zh/sources").headers["etag"] != first.headers["etag"]


def test_a_page_is_new_when_the_project_is(tmp_path: Path) -> None:
    project = ytterby.init(tmp_path / "project")
    with TestClient(create_app(project.path), base_url="http://localhost") as client:
        before = client.get("/en/today")
        assert "Nothing was read yet" in before.text or "takes effect" in before.text or "ends in" in before.text
        page = tmp_path / "new.txt"
        page.write_text("Terbium in the news\n\nChina exported 12 tonnes of terbium in May 2025.\n", encoding="utf-8")
        project.read([page])
        after = client.get("/en/today", headers={"if-none-match": before.headers["etag"]})
        assert after.status_code == 200
        assert "Terbium in the news" in after.text


def test_the_stamp_moves_with_what_counts_and_nothing_else(project: Project, tmp_path: Path) -> None:
    project.claims()
    before = shelf.stamp(project.path)
    project.claims()
    project.documents()
    (project.path / "runs" / ".half.part-1").mkdir()
    (project.path / "logs").mkdir()
    assert shelf.stamp(project.path) == before
    for change in (
        lambda: (project.path / "runs" / "5d0c").mkdir(),
        lambda: (project.path / "overlay" / "claims.csv").write_text("x", encoding="utf-8"),
        lambda: (project.path / "overlay" / "claims.csv").write_text("xy", encoding="utf-8"),
        lambda: (project.path / "overlay" / "claims.csv").unlink(),
        lambda: project.review("rejected", [project.claims()[0].id], reviewer="A", reason="b"),
    ):
        change()
        after = shelf.stamp(project.path)
        assert after != before
        before = after


def test_what_changes_while_it_is_made_is_not_kept(tmp_path: Path) -> None:
    one = shelf.Shelf(tmp_path)
    (tmp_path / "overlay").mkdir()
    made: list[int] = []

    def make() -> int:
        made.append(1)
        if len(made) == 1:
            (tmp_path / "overlay" / "claims.csv").write_text("new", encoding="utf-8")
        return len(made)

    assert [one.kept("x", make) for _ in range(4)] == [1, 2, 2, 2]


def test_large_answers_are_compressed(client: TestClient) -> None:
    packed = client.get("/en/sources.json", headers={"accept-encoding": "gzip"})
    plain = client.get("/en/sources.json", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert len(gzip.compress(plain.content)) < len(plain.content)


def test_files_of_the_desk_are_kept_by_what_they_hold(client: TestClient) -> None:
    text = client.get("/en/today").text
    at = text.split('rel="stylesheet" href="', 1)[1].split('"')[0]
    answer = client.get(at)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")
    assert ".yt-fig" in answer.text
    assert client.get("/static/desk.css").headers["cache-control"] == "no-cache"
    assert client.get("/static/desk-000000000000.css").headers["cache-control"] == "no-cache"
    assert client.get("/static/page.html").status_code == 404


# addresses


@pytest.mark.parametrize(
    ("old", "accepts", "new"),
    [
        ("/", "", "/en/today"),
        ("/", "zh-CN,zh;q=0.9", "/zh/today"),
        ("/sources", "zh", "/zh/sources"),
        ("/en/method", "", "/en/sources"),
        ("/method.csv", "", "/en/sources.csv"),
        ("/sources?lang=zh", "en", "/zh/sources"),
    ],
)
def test_old_addresses_redirect(client: TestClient, old: str, accepts: str, new: str) -> None:
    answer = client.get(old, headers={"accept-language": accepts})
    assert answer.status_code in (301, 307)
    assert answer.headers["location"] == new


def test_unknown_pages_say_what_is_near(client: TestClient) -> None:
    answer = client.get("/en/sorces")
    assert answer.status_code == 404
    assert 'href="/en/sources"' in answer.text
    assert client.get("/zh/sorces").status_code == 404
    assert "没有这个页面" in client.get("/zh/sorces").text
    told = client.get("/en/sorces.json").json()["error"]
    assert told["kind"] == "NoSuchPage"
    assert client.get("/en/today/more").status_code == 404
    assert client.get("/en/today/-/nothing.csv").status_code == 404
    assert client.get("/en/today.svg").status_code == 404


@pytest.mark.parametrize("question", ["page=0", "page=-3", "page=x", "page=1e9", "page=" + "9" * 30])
def test_wrong_questions_are_told(client: TestClient, question: str) -> None:
    answer = client.get(f"/en/sources?{question}")
    assert answer.status_code in (200, 400)
    assert "Traceback" not in answer.text


# errors and forms, on a page made for it


def _build(project: Project, asked: Asked) -> Shown:
    match asked.get("fail"):
        case "input":
            raise BadValue("a <bad> value", place="here & there", remedy="write <another>")
        case "store":
            raise StoreError("the database is locked", place="ytterby.db", remedy="try again")
        case "run":
            raise RunError("it broke")
        case "disk":
            raise OSError(28, "No space left on device", "somewhere")
        case "fault":
            raise ZeroDivisionError("secret words")
    form = Form(
        "note",
        [Field("text", "Text", value="as it was"), Field("doc", "Doc", "file", many=True)],
        "Send",
        asked.address,
    )
    return Shown("A page for tests", [Section("form", "Form", [Text([asked.get("note")]), form])])


def _act(project: Project, asked: Asked, given: Given) -> Done:
    if given.get("text") == "refuse me":
        raise BadValue("it was refused", remedy="be kinder")
    if given.get("text") == "break":
        raise ZeroDivisionError("secret words")
    names = ",".join(f"{one.name}:{len(one.content)}" for one in given.files)
    return Done(asked.to("today"), f"took {given.get('text')} {names}".strip())


@pytest.fixture
def tried(stocked: Project, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    pages = {**register.register(), "trial": Page("trial", _build, {"nav": ("Trial", "试")}, act=_act)}
    monkeypatch.setattr(register, "register", lambda: pages)
    return TestClient(create_app(stocked.path), base_url="http://localhost:8039", follow_redirects=False)


@pytest.mark.parametrize(
    ("what", "status"), [("input", 400), ("store", 503), ("run", 500), ("disk", 503), ("fault", 500)]
)
@pytest.mark.parametrize("form", ["html", "json"])
def test_errors_say_cause_place_and_remedy(tried: TestClient, what: str, status: int, form: urls.Form) -> None:
    answer = tried.get(urls.to("trial", asked={"fail": what}).as_form(form).path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert "secret words" not in answer.text
    if what == "input" and form == "html":
        for words in ("a &lt;bad&gt; value", "here &amp; there", "write &lt;another&gt;"):
            assert words in answer.text
    if form == "json":
        assert set(answer.json()["error"]) == {"kind", "cause", "place", "remedy"}


def test_a_fault_leaves_its_trace_in_the_project(tried: TestClient, stocked: Project) -> None:
    tried.get("/en/trial?fail=fault")
    newest = max((stocked.path / "logs").glob("fault-*.log"), key=lambda path: path.stat().st_mtime_ns)
    assert "ZeroDivisionError: secret words" in newest.read_text(encoding="utf-8")


def _key(client: TestClient, path: str = "/en/trial") -> str:
    return client.get(path).text.split('name="_key" value="', 1)[1].split('"')[0]


def test_a_form_is_carried_out_and_told_once(tried: TestClient) -> None:
    data = {"_key": _key(tried), "_form": "note", "text": "稀土 <b>"}
    answer = tried.post("/en/trial", data=data, files={"doc": ("..\\..\\evil.txt", b"12345")}, headers=OWN)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/en/today"
    told = tried.get("/en/today").text
    assert 'took <span lang="zh">稀土</span> &lt;b&gt; evil.txt:5' in told
    assert "took" not in tried.get("/en/today").text


def test_a_refused_form_keeps_what_was_typed(tried: TestClient) -> None:
    answer = tried.post("/en/trial", data={"_key": _key(tried), "_form": "note", "text": "refuse me"}, headers=OWN)
    assert answer.status_code == 400
    assert 'value="refuse me"' in answer.text
    assert "be kinder" in answer.text
    broken = tried.post("/en/trial", data={"_key": _key(tried), "_form": "note", "text": "break"}, headers=OWN)
    assert broken.status_code == 500
    assert "secret words" not in broken.text
    assert 'value="as it was"' in tried.get("/en/trial").text


def test_a_form_outlives_a_restart(stocked: Project, tried: TestClient) -> None:
    key = _key(tried)
    with TestClient(create_app(stocked.path), base_url="http://localhost:8039", follow_redirects=False) as later:
        assert later.post("/en/trial", data={"_key": key, "_form": "note", "text": "x"}, headers=OWN).status_code == 303


# the machine interface


def test_the_interface_is_described_without_a_foreign_host(client: TestClient) -> None:
    told = client.get(urls.OPENAPI).json()
    paths = set(told["paths"])
    for verb in ("read", "claims", "search", "topics", "weigh", "check", "world", "scenarios", "run", "runs", "jobs"):
        assert f"/api/{verb}" in paths
    assert {"/api/brief/{document}", "/api/topic/{name}", "/api/show/{run}/{metric}"} <= paths
    assert "cdn" not in json.dumps(told)
    shown = {(row["method"], row["path"]) for row in client.get("/en/interface.json").json()["rows"]}
    assert shown == {(method.upper(), path) for path, methods in told["paths"].items() for method in methods}
    assert client.get("/docs").status_code == 404


def test_answers_are_those_of_the_project(client: TestClient, stocked: Project) -> None:
    documents = client.get("/api/documents").json()
    assert {one["id"] for one in documents} == {one.id for one in stocked.documents()}
    claims = client.get("/api/claims", params={"document": documents[0]["id"]}).json()
    assert [one["id"] for one in claims] == [one.id for one in stocked.claims(document=documents[0]["id"])]
    assert claims
    hits = client.get("/api/search", params={"q": "magnets"}).json()
    assert [one["id"] for one in hits] == [one.to_dict()["id"] for one in stocked.search("magnets")]
    brief = client.get(f"/api/brief/{documents[0]['id']}").json()
    assert brief["document"] == documents[0]["id"]
    assert {one["id"] for one in client.get("/api/scenarios").json()} == {one.id for one in stocked.scenarios()}
    facts = {"item": {"material": "oxide.Dy"}, "origin": "CN", "from": "CN", "to": "US", "end_use": "civil"}
    told = client.post("/api/check", json={"facts": facts, "on": "2026-01-05"}).json()
    assert {one["outcome"] for one in told["readings"]} == {
        one.to_dict()["outcome"] for one in stocked.check(facts, on=date(2026, 1, 5))
    }


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("GET", "/api/claims?kind=nonsense", None, 404),
        ("GET", "/api/brief/nothing", None, 404),
        ("GET", "/api/topic/nothing", None, 404),
        ("GET", "/api/jobs/nothing", None, 404),
        ("GET", "/api/search", None, 422),
        ("GET", "/api/nothing", None, 404),
        ("POST", "/api/read", {"sources": ["/etc/passwd"]}, 400),
        ("POST", "/api/read", {"sources": ["file:" + "///etc/passwd"]}, 400),
        ("POST", "/api/run", {"scenario": "nothing"}, 404),
        ("POST", "/api/run", {"scenario": "april-2025", "draws": 0}, 422),
        ("POST", "/api/run", {"scenario": "april-2025", "levers": ["nothing"]}, 404),
        ("POST", "/api/check", {"facts": {"item": {"material": "moon dust"}}}, 404),
        ("POST", "/api/claims/review", {"status": "accepted", "claims": ["zzz"], "reviewer": "A"}, 404),
    ],
)
def test_nice_errors(client: TestClient, method: str, path: str, sent: object, status: int) -> None:
    answer = client.request(method, path, json=sent) if sent is not None else client.request(method, path)
    assert answer.status_code == status, answer.text
    told = answer.json()["error"]
    assert told["cause"]
    assert "Traceback" not in answer.text


def test_files_can_be_sent(fresh: TestClient) -> None:
    sent = [("files", ("../../a note.txt", b"China exported 12 tonnes of terbium in May 2025."))]
    told = fresh.post("/api/read/files", files=sent).json()["documents"]
    assert [one["status"] for one in told] == ["read"]
    assert len(fresh.get("/api/documents").json()) == 1


# light


def test_help_imports_no_server() -> None:
    import subprocess

    code = """
import sys
from ytterby.cli.door import outcome
assert outcome(["--help"]) == outcome(["serve", "--help"]) == 0
print("|" + " ".join({n.split(".")[0] for n in sys.modules}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split("|")[-1].split())
    assert not loaded & {"fastapi", "starlette", "uvicorn", "jinja2", "jax"}


def test_pages_that_need_no_run_wake_no_jax(stocked: Project) -> None:
    import subprocess

    code = f"""
import sys
from ytterby.desk.counter import Counter
import ytterby
from ytterby.desk import urls
desk = Counter(ytterby.open({str(stocked.path)!r}))
for page in ("today", "sources", "jobs"):
    assert desk.show(urls.to(page)).status == 200
assert not {{"jax", "fastapi", "scipy"}} & {{n.split(".")[0] for n in sys.modules}}
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_served_desk_wakes_no_jax_for_its_pages(stocked: Project) -> None:
    import subprocess

    code = f"""
import sys
from starlette.testclient import TestClient
from ytterby.desk import register, urls
from ytterby.desk.app import create_app
with TestClient(create_app({str(stocked.path)!r}), base_url="http://localhost:8039") as client:
    for page in register.register().values():
        if not page.about:
            assert client.get(urls.to(page.name).path).status_code == 200, page.name
            assert "jax" not in sys.modules, page.name
    for verb in ("claims", "documents", "runs", "scenarios", "world", "instruments"):
        client.get("/api/" + verb)
        assert "jax" not in sys.modules, verb
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
