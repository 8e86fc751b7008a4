"""Documents of the tests' own making, read as any other, with the claims a reader would note."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import Document
from ytterby.evidence.reading import read_bytes

# The lies are made by the benchmark, which lies beside the package.
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

ENGLISH = """title: Magnet exports fall as licences lag
date: 2026-02-20
lang: en

However, Norfield Metals, the owner of the Harrow mine, said on Monday that it may delay its separation plant.

China's exports of rare earth magnets to Japan fell 12% from a month earlier to 310 tonnes in January 2026.

Exports to the U.S. rose 4% from a month earlier to 590 tonnes in January 2026 (customs data were late), highlighting \
the uneven recovery of the trade.

The company does not expect licences before June, unless the ministry eases its reviews.

The International Energy Agency predicts that demand will double by 2030.

"We can wait until the summer," its chairman told reporters.
"""

CHINESE = """标题: 一月稀土磁体对日出口下降
日期: 2026-02-20

海关总署数据显示，2026年1月中国对日本出口稀土磁体310吨，环比下降12%。

此外，对美国出口590吨，环比上升4%，约占总量的十分之一。

商务部发言人表示，未经许可不得出口相关物项。

分析人士预计2月出口可能继续下滑，但尚未有官方数据。

北方稀土计划到2030年将产能提高到4万吨。
"""

BRIEF = """Two shortages at once
Harbour Daily· 2025-11-03 08:10
Core Viewpoint - Carmakers face a shortage of magnets that could last into 2026, as licences are slow [1][2]. \
Group 1: Licences - Reviews take 45 working days on paper, but about 60 in practice [1]. - Only a quarter of \
applications had been approved by October [2]. Group 2: Answers - Norfield Metals plans to make 500 tons of magnets \
a year by 2027 [3].
"""


def _read(text: str, path: str = "page.txt") -> Document:
    return read_bytes(text.encode(), path=path)


@pytest.fixture(scope="session")
def english() -> Document:
    return _read(ENGLISH)


@pytest.fixture(scope="session")
def chinese() -> Document:
    return _read(CHINESE)


@pytest.fixture(scope="session")
def page() -> Document:
    return _read(BRIEF)


@pytest.fixture(scope="session")
def claim() -> Callable[..., Claim]:
    """A claim read from words of a document."""

    def make(document: Document, words: str, **fields: object) -> Claim:
        start = document.text.index(words)
        passage = document.passage_at(start)
        assert passage is not None
        return Claim.model_validate(
            {
                "document": document.id,
                "passage": passage.n,
                "start": start,
                "end": start + len(words),
                "quote": words,
                "access": "read",
                **fields,
            }
        )

    return make


@pytest.fixture(scope="session")
def read() -> Callable[[str], Document]:
    """A document of a text of one's own."""
    return _read


@pytest.fixture(scope="session")
def again() -> Document:
    """The English page, read once more."""
    return _read(ENGLISH)
