"""Whatever encoding a text is saved in, the same text is read; what mixes encodings or is no text is refused."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence.reading import encoding, read_bytes
from ytterby.terms.errors import InputError

SIMPLIFIED = [
    "海关总署公布，7月稀土磁体出口5577吨，环比增长75%。",
    "商务部对钐、钆、铽、镝等七类物项实施出口管制。",
    "氧化镨钕价格约每吨38万元，较上月下降一成。",
    "企业须向主管部门申请许可证，审批约需45天。",
    "分析人士预计全年产量仍将增长。",
]
TRADITIONAL = [
    "海關總署公布，7月稀土磁鐵出口5577公噸，月增75%。",
    "商務部對釤、釓、鋱、鏑等七類物項實施出口管制。",
    "業者須向主管機關申請許可，審查約需45天。",
    "分析師預期全年產量仍會成長，價格也會上揚。",
]
ENGLISH = ["Exports rose 75 % in July to 5,577 t.", "A licence takes 45 days.", "Prices fell."]


@given(st.lists(st.sampled_from(SIMPLIFIED + ENGLISH), min_size=2, max_size=8), st.sampled_from(["gb18030", "gbk"]))
def test_simplified_text_survives_gb(lines: list[str], name: str) -> None:
    text = "\n".join([SIMPLIFIED[0], *lines])
    assert encoding.decode(text.encode(name))[0] == text


@given(st.lists(st.sampled_from(TRADITIONAL + ENGLISH), min_size=2, max_size=8), st.sampled_from(["big5", "gb18030"]))
def test_traditional_text_survives_big5_and_gb(lines: list[str], name: str) -> None:
    text = "\r\n".join([TRADITIONAL[0], *lines])
    assert encoding.decode(text.encode(name))[0] == text


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
@given(lines=st.lists(st.sampled_from(SIMPLIFIED + TRADITIONAL + ENGLISH), min_size=1, max_size=6))
def test_unicode_survives_with_and_without_a_mark(name: str, lines: list[str]) -> None:
    text = ENGLISH[0] + "\n" + "\n".join(lines)
    assert encoding.decode(text.encode(name))[0] == text


@given(st.text(min_size=1))
def test_utf8_is_read_as_it_is(text: str) -> None:
    text = "Ytterby " + "".join(c for c in text if c >= " " or c in "\t\n\r").replace("\x7f", "")
    assert encoding.decode(text.encode())[0] == text


def test_western_quotes_and_accents() -> None:
    text = "The “rare earths” café said prices rose 5 % – its best month. " * 4
    assert encoding.decode(text.encode("cp1252"))[0] == text


def test_a_declared_encoding_breaks_a_tie() -> None:
    assert encoding.decode("镝铽".encode("gb18030") + b" 5 t of it", declared="gb2312")[0] == "镝铽 5 t of it"


def test_a_file_cut_in_its_last_character_loses_that_character() -> None:
    text = "出口5577吨，环比增长百分之七十五"
    assert encoding.decode(text.encode()[:-1])[0] == text[:-1] + "\ufffd"


@pytest.mark.parametrize("second", ["gb18030", "big5"])
def test_mixed_encodings_name_their_lines(second: str) -> None:
    mixed = SIMPLIFIED[0].encode() + b"\n" + TRADITIONAL[1].encode(second) + b"\n"
    with pytest.raises(InputError, match=r"line 1 is UTF-8, line 2 is") as caught:
        encoding.decode(mixed, place="mixed.txt")
    assert caught.value.place == "mixed.txt"
    assert "UTF-8" in caught.value.remedy


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "empty"),
        (b" \n\t \r\n", "blanks"),
        (codecs.BOM_UTF8 + b"  ", "blanks"),
        (bytes(range(256)) * 8, "binary"),
        (b"\x00\x01\x02" * 400, "binary"),
        (b"PK\x03\x04" + bytes(200), "Office"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "picture"),
        (b"\x1f\x8b" + bytes(200), "compressed"),
        (codecs.BOM_UTF16_LE + b"a", "does not fit"),
        (b"\x81\x20\xff\xfe\xfd" * 200, "binary"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, cause: str) -> None:
    with pytest.raises(InputError, match=cause) as caught:
        encoding.decode(content, place="junk.txt")
    assert caught.value.place.startswith("junk.txt")
    assert caught.value.remedy


@given(
    st.text(alphabet="ab \n\r\t。稀土磁鐵出口5%，", min_size=1, max_size=200), st.sampled_from(["utf-8", "utf-8-sig"])
)
def test_a_plain_file_keeps_every_character(text: str, name: str) -> None:
    if text.strip():
        assert read_bytes(text.encode(name), path="x.txt").text == text
