"""Home to the proof that each topic has its page: what answers, when it happened, and what is contested."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import ytterby
from ytterby.desk.app import create_app
from ytterby.evidence.topics import Title, Topic, Words, save
from ytterby.project import Project

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, TestClient]]:
    """A project with some of the sample documents and a topic of its own, with a hostile title."""
    project = ytterby.init(tmp_path_factory.mktemp("topics") / "project")
    names = ("customs-2025-12-magnets-en", "customs-2025-12-magnets-zh", "japan-2025-12-magnets-411-zh")
    project.read([Path(project.sample) / f"{name}.txt" for name in names])
    save(Topic(id="evil", title=Title(zh=EVIL, en=EVIL), any=Words(en=("magnet",), zh=("磁体",))), project.path)
    save(Topic(id="silent", title=Title(zh="无", en="Silent"), any=Words(en=("zzyzx",))), project.path)
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as client:
        yield project, client


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_topic_has_its_page(told: tuple[Project, TestClient], lang: str) -> None:
    project, client = told
    rows = client.get(f"/{lang}/topics.json").json()["rows"]
    assert [one["id"] for one in rows] == [one.id for one in project.topics()]
    for row in rows:
        answer = client.get(f"/{lang}/topic/{row['id']}")
        assert answer.status_code == 200
        assert EVIL not in answer.text
        assert client.get(f"/{lang}/topic/{row['id']}.json").json()["counts"]["documents"] == row["documents"]


def test_a_page_holds_what_the_topic_found(told: tuple[Project, TestClient]) -> None:
    project, client = told
    page = project.topic("magnets-to-japan", "en")
    assert page.documents
    text = client.get("/en/topic/magnets-to-japan").text
    for entry in page.documents:
        assert f"/en/document/{entry.document}" in text
        assert entry.brief is not None
        for n in entry.brief.core.cites[:3]:
            assert f"/en/document/{entry.document}#p{n}" in text
    for event in page.timeline:
        assert f"/en/document/{event.document}#p{event.passage}" in text
    for one in page.contested[:8]:
        assert f"/en/claim/{one.first.id}" in text
        assert f"/en/claim/{one.second.id}" in text


def test_what_nothing_answers_says_so(told: tuple[Project, TestClient]) -> None:
    answer = told[1].get("/en/topic/silent")
    assert answer.status_code == 200
    assert "nothing that was read answers" in answer.text


def test_nice_errors(told: tuple[Project, TestClient]) -> None:
    answer = told[1].get("/en/topic/magnets-to-japn")
    assert answer.status_code == 404
    assert "magnets-to-japan" in answer.text
    (told[0].path / "topics" / "broken.yaml").write_text("id: [", encoding="utf-8")
    try:
        answer = told[1].get("/en/topics")
        assert answer.status_code == 400
        assert "broken.yaml" in answer.text
    finally:
        (told[0].path / "topics" / "broken.yaml").unlink()
