"""PDFs: words in reading order, tables as rows; files made to burst hurt nobody."""

from __future__ import annotations

import sys

import paper
import pytest

from ytterby.evidence.reading import pdf, read_bytes
from ytterby.terms.errors import InputError


def test_paragraphs_hyphens_and_running_heads() -> None:
    pages = [
        [
            "Magnet Monthly 2025",
            f"{month} was a month in which makers of permanent mag-",
            "nets shipped more than 5,577 t, which is 75 % above the month",
            "before and the most since January.",
            f"A second paragraph on {month} says that 619 t of them went to the",
            "United States.",
            f"Page {number}",
        ]
        for number, month in enumerate(("June", "July", "August", "October"), 1)
    ]
    document = read_bytes(paper.pdf(pages, title="Magnets month by month"), path="monthly.pdf")
    assert (document.title, document.media, document.lang) == ("Magnets month by month", "application/pdf", "en")
    words = [document.words(p) for p in document.passages if p.kind == "paragraph"]
    assert words[0] == (
        "June was a month in which makers of permanent magnets shipped more than 5,577 t, which is 75 % above "
        "the month before and the most since January."
    )
    assert words[1] == "A second paragraph on June says that 619 t of them went to the United States."
    assert len(words) == 8
    assert "Magnet Monthly" not in document.text
    assert "Page" not in document.text


def test_tables_are_rows() -> None:
    pytest.importorskip("pdfplumber")
    rules = [(50, 774 - 14 * row, 500, 774 - 14 * row) for row in range(4)]
    rules += [(x, 732, x, 774) for x in (50, 200, 350, 500)]
    lines = ["Month\tTonnes\tChange", "July\t5,577\t75 %", "August\t6,146\t10.2 %", "", "All figures are from customs."]
    document = read_bytes(paper.pdf([lines], rules=rules), path="table.pdf")
    assert [document.words(p) for p in document.passages if p.kind == "row"] == [
        "Month | Tonnes | Change",
        "July | 5,577 | 75 %",
        "August | 6,146 | 10.2 %",
    ]
    assert document.text.count("5,577") == 1


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (paper.pdf([[], []]), "pictures of 2 pages and no text"),
        (b"%PDF-1.7\n" + bytes(range(256)), "damaged"),
        (paper.pdf([["Some words"]])[:200], "damaged"),
        (paper.pdf([["x"]] * 2001), "2,001 pages"),
    ],
    ids=["no text", "junk", "cut short", "too many pages"],
)
def test_what_cannot_be_read_says_why(content: bytes, cause: str) -> None:
    with pytest.raises(InputError, match=cause) as caught:
        read_bytes(content, path="bad.pdf")
    assert caught.value.place == "bad.pdf"
    assert caught.value.remedy


@pytest.mark.skipif(sys.platform == "win32", reason="no memory limits there")
def test_a_bomb_bursts_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MEMORY", 300 * 2**20)
    bomb = paper.bomb(4 * 10**8)
    assert len(bomb) < 100_000
    with pytest.raises(InputError) as caught:
        read_bytes(bomb, path="bomb.pdf")
    assert caught.value.place == "bomb.pdf"
    assert read_bytes(paper.pdf([["Still here."]]), path="fine.pdf").text.strip() == "Still here."


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0.01)
    with pytest.raises(InputError, match="longer than"):
        read_bytes(paper.pdf([["Some words"]]), path="slow.pdf")
