"""Home to the proof that the page of search finds the very sentence, and takes any question without harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from ytterby.desk.blocks import flat
from ytterby.desk.pages.search import marked
from ytterby.project import Project


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_sentence_leads_to_its_passage(client: TestClient, stocked: Project, lang: str) -> None:
    document = next(one for one in stocked.documents() if "Reuters" in one.text)
    answer = client.get(f"/{lang}/search", params={"q": "customs said"})
    assert answer.status_code == 200
    told = client.get(f"/{lang}/search.json", params={"q": "customs said"}).json()["rows"][0]
    assert document.text[told["start"] : told["end"]] == told["quote"]
    assert f'href="/{lang}/document/{document.id}#p{told["passage"]}"' in answer.text
    assert "<mark" in answer.text


def test_filters_narrow_and_stay_in_the_address(client: TestClient) -> None:
    every = client.get("/en/search.json", params={"q": "China"}).json()["rows"]
    rules = client.get("/en/search.json", params={"q": "China", "type": "rule"}).json()["rows"]
    assert {one["type"] for one in every} - {"rule"}
    assert {one["type"] for one in rules} == {"rule"}
    text = client.get("/en/search", params={"q": "China", "type": "rule"}).text
    assert "lang=zh" in text
    assert 'href="/en/instrument/' in text
    assert 'name="type" value="rule"' in text


def test_words_in_one_language_find_the_other(client: TestClient) -> None:
    rows = client.get("/en/search.json", params={"q": "稀土磁体", "lang": "en"}).json()["rows"]
    assert rows
    assert all(one["lang"] == "en" for one in rows)


@pytest.mark.parametrize(
    "asked",
    [{"q": "-only"}, {"q": "dy", "type": "planet"}, {"q": "dy", "place": "Atlantiss"}, {"q": "dy", "since": "soon"},
     {"q": "dy", "since": "2026", "until": "2025"}, {"q": "!!"}, {"q": "word " * 400}, {"q": "x" * 3000}],
)  # fmt: skip
def test_nice_errors(client: TestClient, asked: dict[str, str]) -> None:
    answer = client.get("/en/search", params=asked)
    assert answer.status_code == 400
    assert 'name="q"' in answer.text, "the question can be mended where it stands"
    assert client.get("/en/search.json", params=asked).json()["error"]["cause"]
    assert "Traceback" not in answer.text


def test_a_hostile_question_is_only_words(client: TestClient) -> None:
    text = client.get("/en/search", params={"q": "<script>alert(1)</script> China"}).text
    assert "<script>alert" not in text
    text = client.get("/en/search", params={"q": "稀土"}).text
    assert "<script>alert" not in text


@given(st.text("Dy镝 -\"*'<>&é鏑", max_size=12), st.text('Dy镝 -"<>&é鏑x', max_size=40))
def test_marking_changes_no_letter(query: str, text: str) -> None:
    assert "".join(map(str, map(flat, marked(f"Dy {query}", text)))) == text
