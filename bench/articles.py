"""Home to made-up articles: any number of them, in Chinese (both scripts) and English, each with figures of its own.

They read like the news of the field so that words are as common or rare as there: 稀土 in nearly every Chinese one, a
company in some, a long tail of names in one each. The facts in them are invented.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ytterby.evidence.documents import Document, Passage

PLACES = (
    ("日本", "Japan"), ("美国", "the United States"), ("德国", "Germany"), ("韩国", "South Korea"), ("印度", "India"),
    ("越南", "Vietnam"), ("法国", "France"), ("澳大利亚", "Australia"), ("马来西亚", "Malaysia"), ("缅甸", "Myanmar"),
    ("巴西", "Brazil"), ("爱沙尼亚", "Estonia"), ("泰国", "Thailand"), ("英国", "Britain"), ("加拿大", "Canada"),
)  # fmt: skip
MATTER = (
    ("稀土磁体", "rare earth magnets"), ("氧化镝", "dysprosium oxide"), ("氧化铽", "terbium oxide"),
    ("镨钕氧化物", "NdPr oxide"), ("钕铁硼", "NdFeB magnets"), ("钐钴磁体", "SmCo magnets"),
    ("稀土精矿", "concentrate"), ("金属钇", "yttrium metal"), ("重稀土", "heavy rare earths"),
    ("氧化钆", "gadolinium oxide"),
)  # fmt: skip
FIRMS = (
    ("莱纳斯", "Lynas"), ("北方稀土", "Northern Rare Earth"), ("特斯拉", "Tesla"), ("福特", "Ford"),
    ("通用汽车", "General Motors"), ("MP材料公司", "MP Materials"), ("信越化学", "Shin-Etsu"), ("西门子", "Siemens"),
    ("宝马", "BMW"), ("丰田", "Toyota"), ("博世", "Bosch"), ("洛克希德马丁", "Lockheed Martin"),
)  # fmt: skip
_ZH_SYLLABLES = "安博川德恩方光海宏华嘉金凯兰立明宁鹏启瑞盛泰万鑫雅远泽中卓"
_EN_SYLLABLES = ("al", "ber", "cor", "dan", "el", "fin", "gar", "hol", "ir", "jan", "kor", "lum", "mar", "nor", "ost")
_TO_TRADITIONAL = str.maketrans(
    "稀土磁体钕铁硼镝铽钇钆钐钴镨对国韩马来亚缅爱沙尼兰总产约为较审许证价报称厂业关税运输级发货应预计实现两万个",
    "稀土磁體釹鐵硼鏑鋱釔釓釤鈷鐠對國韓馬來亞緬愛沙尼蘭總產約為較審許證價報稱廠業關稅運輸級發貨應預計實現兩萬個",
)


@dataclass(frozen=True)
class Facts:
    """What one article says; the same facts can be told in either language."""

    number: int
    day: date
    place: tuple[str, str]
    matter: tuple[str, str]
    firm: tuple[str, str]
    unknown: tuple[str, str]
    """A company nobody else mentions."""
    tonnes: int
    before: int
    share: float
    price: int
    weeks: int


def facts(number: int, rng: random.Random) -> Facts:
    """Facts for one article."""
    name = "".join(rng.choices(_ZH_SYLLABLES, k=3)), "".join(rng.choices(_EN_SYLLABLES, k=3)).capitalize()
    return Facts(
        number=number,
        day=date(2016, 1, 1) + timedelta(days=rng.randrange(3970)),
        place=rng.choice(PLACES),
        matter=rng.choice(MATTER),
        firm=rng.choice(FIRMS),
        unknown=(f"{name[0]}新材", f"{name[1]} Alloys"),
        tonnes=rng.randrange(20, 9000),
        before=rng.randrange(20, 9000),
        share=round(rng.uniform(1, 95), 1),
        price=rng.randrange(40, 3000),
        weeks=rng.randrange(3, 30),
    )


def _zh(told: Facts) -> list[str]:
    f = told
    change = (f.tonnes / f.before - 1) * 100
    word = "增长" if change >= 0 else "下降"
    return [
        f"海关数据显示，{f.day.year}年{f.day.month}月中国对{f.place[0]}出口{f.matter[0]}{f.tonnes:,}吨，"
        f"较上月的{f.before:,}吨{word}{abs(change):.1f}%。",
        f"{f.firm[0]}表示，出口许可的审批通常需要{f.weeks}周，部分生产线因稀土供应不足一度停产。",
        f"分析人士称，{f.place[0]}约{f.share}%的{f.matter[0]}来自中国，短期内难以找到替代来源。",
        f"{f.unknown[0]}公布，其{f.matter[0]}报价为每公斤{f.price}元，并计划扩大产能。",
        "商务部发言人重申，相关措施不针对特定国家，合规的民用贸易将获得许可，供应链保持稳定。",
    ]


def _en(told: Facts) -> list[str]:
    f = told
    change = (f.tonnes / f.before - 1) * 100
    word = "up" if change >= 0 else "down"
    return [
        f"China's exports of {f.matter[1]} to {f.place[1]} were {f.tonnes:,} tonnes in {f.day:%B %Y}, {word} "
        f"{abs(change):.1f}% from {f.before:,} tonnes a month earlier, customs data showed.",
        f"{f.firm[1]} said export licences typically take {f.weeks} weeks and that some rare earth supply lines had "
        "stopped for a time.",
        f"Analysts said {f.share}% of the {f.matter[1]} used in {f.place[1]} comes from China, with few other sources.",
        f"{f.unknown[1]} quoted {f.matter[1]} at ${f.price}/kg and plans to add capacity.",
        "A ministry spokesperson repeated that the measures aim at no country and that civilian trade goes on.",
    ]


def _titled(told: Facts, lang: str) -> str:
    if lang == "en":
        return f"{told.matter[1][0].upper()}{told.matter[1][1:]} shipments to {told.place[1]}: {told.day:%B %Y}"
    title = f"{told.day.year}年{told.day.month}月对{told.place[0]}出口{told.matter[0]}"
    return title.translate(_TO_TRADITIONAL) if lang == "zh-Hant" else title


def article(told: Facts, lang: str, shuffle: random.Random | None = None) -> Document:
    """The facts as a document in ``zh``, ``zh-Hant`` or ``en``."""
    tell: Callable[[Facts], list[str]] = _en if lang == "en" else _zh
    lines = tell(told)
    if lang == "zh-Hant":
        lines = [line.translate(_TO_TRADITIONAL) for line in lines]
    if shuffle is not None:
        shuffle.shuffle(lines)
    return document(f"{lang}-{told.number}", lines, _titled(told, lang), lang, told.day.isoformat())


def document(name: str, lines: list[str], title: str, lang: str, day: str) -> Document:
    """Lines as a document of one passage each."""
    at = 0
    passages = []
    for n, line in enumerate(lines, 1):
        passages.append(Passage(n, at, at + len(line)))
        at += len(line) + 2
    return Document(
        id=name,
        text="\n\n".join(lines),
        passages=tuple(passages),
        title=title,
        lang=lang,  # type: ignore[arg-type]
        date=day,
        path=f"{name}.txt",
    )


def articles(count: int, seed: int = 1) -> Iterator[Document]:
    """That many articles, half Chinese (a third of them traditional), half English."""
    rng = random.Random(seed)
    for number in range(count):
        lang = ("zh", "en", "zh", "en", "zh-Hant", "en")[number % 6]
        yield article(facts(number, rng), lang, rng)
