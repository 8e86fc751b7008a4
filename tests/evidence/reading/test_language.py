"""The script decides; what a page says of itself decides only what the script leaves open."""

from __future__ import annotations

import pytest

from ytterby.evidence.reading.language import language


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("海关总署公布7月出口数据", "", "zh"),
        ("海關總署公布7月出口數據", "", "zh-Hant"),
        ("海关总署公布7月出口数据", "zh-Hant", "zh"),
        ("Exports of 5,577 t", "zh", "en"),
        ("Exports to 中国 rose, said the ministry in its report for the month", "", "en"),
        ("美国MP Materials公司的Mountain Pass矿", "", "zh"),
        ("磁石の輸出は７月に増えた。レアアースの価格も上がった", "", ""),
        ("희토류 자석 수출이 증가했다", "", ""),
        ("一二三", "zh-TW", "zh-Hant"),
        ("一二三", "", "zh"),
        ("12 345", "en", "en"),
        ("12 345", "", ""),
        ("Экспорт магнитов вырос, A B", "", ""),
    ],
)
def test_script_first(text: str, declared: str, expected: str) -> None:
    assert language(text, declared) == expected
