"""Approval rates: the level and whose buyers applied, however it is put; by how much it moved is no level."""

from __future__ import annotations

import pytest

from ytterby.evidence.claimed import claimed
from ytterby.evidence.reading import read_bytes

HEADS = {
    "zh": "标题:稀土消息\n来源:新华社\n日期:2026-03-20\n\n",
    "en": "title: Licences\nsource: Reuters\ndate: 2026-03-20\n\n",
}


def _shares(text: str, lang: str) -> list[tuple[float | None, str, str]]:
    document = read_bytes((HEADS[lang] + text).encode(), path="x.txt")
    found = [one for one in claimed(document) if one.parameter.startswith("licence:")]
    for one in found:
        assert document.text[one.start : one.end] == one.quote
    return [(one.value, one.counterpart, one.period) for one in found]


@pytest.mark.parametrize(
    ("text", "lang", "value", "place"),
    [
        ("中国对欧稀土出口许可批准率升至七成。", "zh", 70.0, "EU"),
        ("日本企业提交的稀土磁体出口许可申请获批率降到35%。", "zh", 35.0, "JP"),
        ("对韩国出口许可申请的核准率约为55%。", "zh", 55.0, "KR"),
        ("中国批准了印度企业约15%的稀土出口许可申请。", "zh", 15.0, "IN"),
        ("The approval rate for licence applications from EU companies climbed to 65 %.", "en", 65.0, "EU"),
        ("China granted about 45% of licence applications from Japanese firms.", "en", 45.0, "JP"),
    ],
)
def test_a_level_and_its_destination(text: str, lang: str, value: float, place: str) -> None:
    assert (value, place) in [one[:2] for one in _shares(text, lang)]


def test_what_a_rate_moved_by_is_no_rate() -> None:
    assert _shares("许可申请批准率上升了20%。", "zh") == []


def test_two_months_keep_their_own_rates() -> None:
    said = _shares("对欧出口许可的批准率从1月的六成上升到2月的八成。", "zh")
    assert (60.0, "EU", "2026-01") in said
    assert (80.0, "EU", "2026-02") in said
