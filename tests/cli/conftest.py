"""What the tests of the verbs share: a command line in a project, and answers held against their published schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ytterby.cli import door
from ytterby.cli.interface import schema_of

ARTICLES = {
    "customs.txt": """Title: Magnet exports to Japan fell
Publisher: A Wire
Date: 2026-01-20

China exported 280 tonnes of rare earth magnets to Japan in December 2025, down 8% from November, customs data showed.

Each battery electric car needs about 2.9 kg of neodymium magnets, the maker said.
""",
    "另一家.txt": """标题：2025年12月对日出口稀土磁体411吨
来源：某报
日期：2026-01-21

2025年12月中国对日本出口稀土磁体411吨，比上年同期增长31.4%。

商务部表示，出口许可的审查期限为45个工作日。
""",
}

ENDS = 20
"""Rows of each end of a list that are held against its schema."""


@dataclass(frozen=True)
class Told:
    """How one command line ended."""

    status: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        """The one JSON value on standard output."""
        return json.loads(self.out)


Ask = Callable[..., Told]


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Runs one command line in a project of the test's own; under ``--json`` the answer has to fit its schema."""

    def run(*words: str) -> Told:
        capsys.readouterr()
        status = door.outcome(["--project", str(tmp_path / "project"), *words])
        out, err = capsys.readouterr()
        told = Told(status, out, err)
        assert "Traceback" not in err
        if "--json" in words and told.out:
            fits(words[0], told.value)
        return told

    assert door.outcome(["init", str(tmp_path / "project")]) == 0
    return run


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with an article in English and one in Chinese that contradicts it."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def fits(verb: str, value: Any) -> None:
    """Holds an answer against the schema of its verb; of a long list its two ends."""
    jsonschema = pytest.importorskip("jsonschema")
    checker = jsonschema.Draft202012Validator(schema_of(verb))
    if isinstance(value, list) and len(value) > 2 * ENDS:
        value = [*value[:ENDS], *value[-ENDS:]]
    wrong = [f"{list(error.absolute_path)}: {error.message[:200]}" for error in checker.iter_errors(value)]
    assert wrong == []
