from __future__ import annotations

import pytest

from ytterby.evidence.grammar import coordinated, quantities, sentences
from ytterby.terms.text import fold

_CASES = [
    ("2022年第二批稀土开采、冶炼分离指标分别为109200吨、104800吨。", [("稀土开采", 109200), ("冶炼分离指标", 104800)]),
    ("對美國和日本的出口分別增長3.2%和4.5%。", [("美国", 3.2), ("日本的出口", 4.5)]),
    ("7月、8月出口量分别为5300吨和6200吨。", [("7月", 5300), ("8月出口量", 6200)]),
    ("氧化镨钕、金属镨钕、氧化镝价格分别上涨1%、2%、3%。", [("氧化镨钕", 1), ("金属镨钕", 2), ("氧化镝价格", 3)]),
    ("Exports to Korea and Japan fell 3% and 8%, respectively.", [("Korea", 3), ("Japan", 8)]),
    ("It sent 564 tons and 280 tons to Korea and Japan, respectively.", [("Korea", 564), ("Japan", 280)]),
    (
        "Mining and separation quotas were 135,000 and 127,000 tonnes respectively.",
        [("Mining", 135000), ("separation quotas", 127000)],
    ),
    # One head for two figures, or no list at all: nothing is paired.
    ("出口量分别为5300吨和6200吨。", []),
    ("出口5300吨,进口6200吨。", []),
    ("Exports fell 3% and imports 8%.", []),
]


@pytest.mark.parametrize(("text", "wanted"), _CASES)
def test_heads_meet_their_figures(text: str, wanted: list[tuple[str, float]]) -> None:
    folded = fold(text)
    found = quantities(folded)
    pairs = [pair for sentence in sentences(folded) for pair in coordinated(folded, sentence, found)]
    assert [(folded[head.start : head.end], quantity.value) for head, quantity in pairs] == wanted
