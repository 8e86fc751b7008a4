"""On the corpus that ships: other languages are found, exact words always, and copies told from templates."""

from __future__ import annotations

import pytest
from bench.articles import articles
from bench.duplicates import merged, scene
from bench.search import Asked, documents, exact, indexed, judged, our_finder, queries

from ytterby.evidence.documents import Document
from ytterby.evidence.duplicates import clusters


@pytest.fixture(scope="module")
def corpus() -> list[Document]:
    return documents()


def test_queries_name_documents_that_are_there(corpus: list[Document]) -> None:
    names = {document.id for document in corpus}
    asked = queries()
    assert len(asked) >= 60
    assert all(one.relevant and one.relevant <= names for one in asked)
    assert {one.lang for one in asked} == {"zh", "zh-Hant", "en"}


def test_recall_in_every_direction(corpus: list[Document]) -> None:
    langs = {document.id: document.lang for document in corpus}
    with indexed(corpus) as db:
        rows = judged(queries(), langs, our_finder(db))
    for direction, found in rows.items():
        recall = sum(row[1] for row in found) / len(found)
        assert recall >= 0.9, (direction, recall, [row[0].query for row in found if row[1] < 1])


def test_every_word_of_every_document_is_found(corpus: list[Document]) -> None:
    assert exact(corpus, 8).rows[0][1:] == ("1.0000", "0")


def test_the_scores_can_be_bad() -> None:
    langs = {"a": "zh", "b": "zh"}
    rows = judged([Asked("镝", frozenset({"a"}))], langs, lambda query, lang, limit: ["b"])
    assert rows["zh-zh"][0][1:] == (0.0, 0.0)


def test_copies_meet_and_templates_never(corpus: list[Document]) -> None:
    made, copies, never, _ = scene([*corpus, *articles(8)])
    found = merged(cluster.members for cluster in clusters(made))
    assert not found & never
    assert len(found & copies) >= 0.95 * len(copies)
    assert len(never) > 300
