"""Home to the proof that documents are listed, shown in their own words with claims marked, reviewed, and sent in."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

import ytterby
from ytterby.desk import marking, urls
from ytterby.desk.app import create_app
from ytterby.desk.blocks import Mark, flat
from ytterby.desk.page import Asked
from ytterby.desk.pages import document as page
from ytterby.evidence.claims import Claim
from ytterby.project import Project

OWN = {"origin": "http://localhost:8039", "sec-fetch-site": "same-origin"}
TEXT = "China exported 1,238 tonnes of rare-earth magnets in May 2025, and more in June."


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Project, TestClient]]:
    """A project of a test's own, with one document, and a browser at it."""
    (tmp_path / "note.txt").write_text(
        "Magnets\n\nChina exported 1,238 tonnes of rare-earth magnets in May 2025.\n\n"
        "Neodymium oxide cost $91/kg in Europe in May 2025.\n",
        encoding="utf-8",
    )
    project = ytterby.init(tmp_path / "project")
    project.read([tmp_path / "note.txt"])
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as client:
        yield project, client


def key(client: TestClient, path: str) -> str:
    return client.get(path).text.split('name="_key" value="', 1)[1].split('"')[0]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_document_is_shown_in_its_own_words(client: TestClient, stocked: Project, lang: str) -> None:
    for document in stocked.documents():
        answer = client.get(f"/{lang}/document/{document.id}")
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        ids = re.findall(r'\bid="([^"]*)"', answer.text)
        assert len(ids) == len(set(ids)), "an id stands twice"
        for claim in stocked.claims(document=document.id):
            assert f"/{lang}/claim/{claim.id}" in answer.text
        told = client.get(f"/{lang}/document/{document.id[:12]}.json").json()
        assert {one["id"] for one in told["rows"]} == {one.id for one in stocked.claims(document=document.id)}
        assert all(document.text.count(one["quote"]) for one in told["rows"])


def test_the_list_narrows_by_language(client: TestClient, stocked: Project) -> None:
    rows = client.get("/en/documents.json", params={"lang": "zh"}).json()["rows"]
    assert {one["id"] for one in rows} == {one.id for one in stocked.documents() if one.lang == "zh"}
    assert len(client.get("/en/documents.json").json()["rows"]) == len(stocked.documents())


@pytest.mark.parametrize("name", ["ffffffffff", "nothing", "../../etc/passwd", "~root", "~~", "%00"])
def test_nice_errors(client: TestClient, name: str) -> None:
    answer = client.get(f"/en/document/{name.replace('/', '%2F')}")
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_a_name_that_is_nearly_right_is_suggested(own: tuple[Project, TestClient]) -> None:
    assert "note.txt" in own[1].get("/en/document/notes.txt").text


def test_a_verdict_is_kept_with_who_and_why(own: tuple[Project, TestClient]) -> None:
    project, client = own
    document = project.documents()[0]
    path = f"/en/document/{document.id}"
    waiting = [one for one in project.claims(document=document.id) if one.status == "pending"]
    assert len(waiting) > 1
    first, second = waiting[:2]
    form = {"_key": key(client, path), "_form": "review", "verdict": "reject", first.id: "1", "seen": ""}
    refused = client.post(path, data=form | {"reviewer": " "}, headers=OWN)
    assert refused.status_code == 400
    assert not project.reviews(first.id)
    sent = client.post(path, data=form | {"reviewer": "Ane <b>", "reason": "misread"}, headers=OWN)
    assert sent.status_code == 303
    assert [(one["status"], one["reviewer"], one["reason"]) for one in project.reviews(first.id)] == [
        ("rejected", "Ane <b>", "misread")
    ]
    assert not project.reviews(second.id)
    # Somebody else sends the form that was shown before: the first verdict is not run over unseen.
    late = client.post(path, data=form | {"reviewer": "Bo", "verdict": "accept"}, headers=OWN)
    assert late.status_code == 400
    assert "Ane &lt;b&gt;" in late.text
    assert len(project.reviews(first.id)) == 1
    nothing = {"_key": form["_key"], "_form": "review", "verdict": "accept", "reviewer": "Bo", "seen": ""}
    assert client.post(path, data=nothing, headers=OWN).status_code == 400
    assert client.post(path, data=nothing | {"waiting": "1"}, headers=OWN).status_code == 303
    assert {one.status for one in project.claims(document=document.id) if one.id != first.id} == {"accepted"}


def test_an_older_version_leads_to_the_newest(own: tuple[Project, TestClient], tmp_path: Path) -> None:
    project, client = own
    old = project.documents()[0]
    note = tmp_path / "note.txt"
    note.write_text(note.read_text(encoding="utf-8").replace("1,238", "1,240"), encoding="utf-8")
    project.read([note])
    new = project.documents()[0]
    assert new.id != old.id
    assert f"/en/document/{new.id}" in client.get(f"/en/document/{old.id}").text
    assert f"/en/document/{old.id}" in client.get(f"/en/document/{new.id}").text


def test_a_file_that_is_sent_is_read(own: tuple[Project, TestClient]) -> None:
    project, client = own
    form = {"_key": key(client, "/en/documents"), "_form": "read"}
    assert client.post("/en/documents", data=form, headers=OWN).status_code == 400
    strange = client.post(
        "/en/documents", data=form | {"addresses": "/".join(("file:", "", "", "etc", "passwd"))}, headers=OWN
    )
    assert strange.status_code == 400
    body = b"Terbium\n\nChina exported 12 tonnes of terbium in May 2025.\n"
    sent = client.post("/en/documents", data=form, files={"files": ("../../t.txt", body)}, headers=OWN)
    assert sent.status_code == 303
    assert sent.headers["location"].startswith("/en/job/")
    end = time.monotonic() + 60
    while len(project.documents()) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    found = next(one for one in project.documents() if one.title == "Terbium")
    assert Path(found.path).is_relative_to(project.path)


@given(st.lists(st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 40)), max_size=8), st.integers(0, 40))
def test_marks_change_no_letter(spans: list[tuple[int, int]], start: int) -> None:
    claims = [
        Claim(
            document="d", passage=1, start=at, end=min(at + long, len(TEXT)),
            quote=TEXT[at : at + long], kind="count", value=float(number), unit="count",
        )
        for number, (at, long) in enumerate(spans)
    ]  # fmt: skip
    asked = Asked(urls.to("document", "d"), None, page.WORDS)  # type: ignore[arg-type]
    end = len(TEXT)
    inside = [one for one in claims if (one.end or 0) > start]
    cut = marking.pieces(asked, TEXT, start, end, inside)
    assert "".join(str(flat(one)) for one in cut) == TEXT[start:]
    marked = {
        at
        for at, one in zip(_starts(cut, start), cut, strict=True)
        if isinstance(one, Mark)
        for at in range(at, at + len(one.text))
    }
    assert marked == {at for one in claims for at in range(one.start or 0, one.end or 0) if at >= start}
    anchors = [one.anchor for one in cut if isinstance(one, Mark) and one.anchor]
    assert len(anchors) == len(set(anchors))


def _starts(cut: list[object], at: int) -> list[int]:
    found = []
    for one in cut:
        found.append(at)
        at += len(str(flat(one)))
    return found
