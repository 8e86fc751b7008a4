"""An index in memory of the disk, and documents made on the spot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ytterby.evidence.documents import Document, Passage
from ytterby.store import database, folder
from ytterby.store.database import Database


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with database.open(folder.init(tmp_path / "project")) as opened:
        yield opened


@pytest.fixture(scope="session")
def article() -> Callable[..., Document]:
    """Make a document: each line a passage."""

    def make(
        name: str,
        text: str,
        *,
        title: str = "",
        lang: str = "",
        date: str = "",
        work: str = "",
        kind: str = "paragraph",
    ) -> Document:
        passages = []
        at = 0
        for line in text.split("\n"):
            if line.strip():
                passages.append(Passage(len(passages) + 1, at, at + len(line)))
            at += len(line) + 1
        return Document(name, text, tuple(passages), title=title, lang=lang, date=date, work=work)  # type: ignore[arg-type]

    return make
