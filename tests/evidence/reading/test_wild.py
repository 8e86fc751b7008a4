"""Wild bytes give a document that holds together, or an error of ours; never anything else."""

from __future__ import annotations

import hashlib
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence.documents import Document
from ytterby.evidence.reading import read_bytes
from ytterby.terms.errors import InputError

PIECES = [
    *(
        "Core Viewpoint - ",
        "Core Insights\n",
        "核心观点：",
        "Group 1: ",
        "Group 2: Supply - ",
        "第二组：",
        "一、",
        "- ",
        "• ",
    ),
    *(" - ", "[1]", "[2][3]", "【4】", "Sou Hu Cai Jing· 2025-06-01 01:24", "title: A\n", "date: ~2025-07\n", "---\n"),
    *(
        "来源：http://a.example/x\n",
        "Workflow\n",
        "icon\n",
        "Exports fell 74% in May. ",
        "U.S. - China talks. ",
        "\n",
        "\n\n",
    ),
    *(
        "稀土磁鐵出口５５７７公噸，月增七成五。",
        " ",
        "\t",
        "|",
        "2 - 4 kg ",
        "新华社北京10月9日电 ",
        "\u3000",
        "\u2028",
        "\x0c",
    ),
    *("BEIJING, July 21 (Wire) - ", "…", "🧲", "1. ", "# ", "| a | b |\n", "By Jane Doe\n", "© 2025 X\n", "(一)"),
    "Published: June 5, 2025\n",
]
MARKUP = [
    *("<p>", "</p>", "<div>", "</div>", "<table><tr><td>", "</td><td>", "</td></tr></table>", "<script>", "</script>"),
    *(
        "<h1>",
        "</h1>",
        "Exports fell 74% in May. ",
        "出口5577吨。",
        "&nbsp;",
        "&#0;",
        "&#xD800;",
        "<!--",
        "-->",
        "<",
        ">",
    ),
    *("<ul><li>", "<br>", "\n", "Core Viewpoint - x [1] Group 1: y - z [1]"),
]


def _read(content: bytes, path: str) -> Document | InputError:
    try:
        return read_bytes(content, path=path, today=date(2026, 11, 21))
    except InputError as error:
        return error


def _holds_together(document: Document) -> None:
    before = 0
    for number, passage in enumerate(document.passages, 1):
        assert passage.n == number
        assert before <= passage.start < passage.end <= len(document.text)
        words = document.words(passage)
        assert words == words.strip()
        assert document.passage_at(passage.start) == passage
        part = document.part(passage)
        assert part.start <= passage.start
        assert passage.end <= part.end
        before = passage.end
    assert document.parts
    assert document.parts[0].start == 0
    assert document.parts[-1].end == len(document.text)
    for one, after in zip(document.parts, document.parts[1:], strict=False):
        assert one.end == after.start
    assert [part.number for part in document.parts] == list(range(1, len(document.parts) + 1))


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=40), st.sampled_from(["x.txt", "x.md"]))
def test_pieces_in_any_order(pieces: list[str], path: str) -> None:
    text = "".join(pieces)
    if not text.strip():
        return
    document = read_bytes(text.encode(), path=path, today=date(2026, 11, 21))
    assert document.text == text
    assert document.id == hashlib.sha256(text.encode()).hexdigest()
    _holds_together(document)


@given(st.text(min_size=1, max_size=300))
def test_any_text(text: str) -> None:
    got = _read(text.encode("utf-8", "ignore"), "x.txt")
    if isinstance(got, InputError):
        assert got.place == "x.txt"
        assert got.remedy
    else:
        _holds_together(got)


@given(st.binary(max_size=400), st.sampled_from(["x.txt", "x.html", "x.md", "x"]))
def test_any_bytes(content: bytes, path: str) -> None:
    got = _read(content, path)
    if isinstance(got, InputError):
        assert got.cause
        assert got.remedy
    else:
        _holds_together(got)


@given(st.lists(st.sampled_from(MARKUP), max_size=25))
def test_any_markup(pieces: list[str]) -> None:
    markup = "<!doctype html><html><body><article>" + "".join(pieces) + "</article></body></html>"
    got = _read(markup.encode(), "x.html")
    if isinstance(got, InputError):
        assert "no text" in got.cause
    else:
        _holds_together(got)


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=25))
def test_reading_twice_gives_the_same(pieces: list[str]) -> None:
    content = ("Magnets. " + "".join(pieces)).encode()
    assert read_bytes(content, path="x.txt") == read_bytes(content, path="x.txt")
