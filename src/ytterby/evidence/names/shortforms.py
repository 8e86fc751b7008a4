"""Home to countries named by one character: 对美出口, 中美, 美企, 陆公告, and not 美好, 日期 or 产业中.

A character counts as a country only where the characters around it say so: after a word of direction (对美), before a
word for those who act (日企), beside another country (中美), or at the head of a headline (陆对日).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from ytterby.evidence.names.entities import Entity, Named

LETTERS: Mapping[str, str] = {
    "中": "CN",
    "华": "CN",
    "陆": "CN",
    "美": "US",
    "日": "JP",
    "欧": "EU",
    "韩": "KR",
    "台": "TW",
    "俄": "RU",
    "印": "IN",
    "澳": "AU",
    "加": "CA",
    "墨": "MX",
    "英": "GB",
    "德": "DE",
    "法": "FR",
    "缅": "MM",
    "越": "VN",
    "马": "MY",
    "泰": "TH",
    "老": "LA",
    "荷": "NL",
    "乌": "UA",
}
"""The character a headline uses for a country, and the country."""

_WORD_AFTER: Mapping[str, str] = {
    "中": "心间期午旬等型小共央学年介性立途部层断",
    "华": "为盛尔北东南中府友宏人侨夏山能润锐",
    "陆": "续军地上路基运海",
    "美": "元好丽术学观食味容团式誉满化妙感景德金洲孚白",
    "日": "期前后益常程均内起至报晚子志夜趋渐落历光照食葵元",
    "欧": "元洲阳姆",
    "韩": "元语文",
    "台": "积阶币州风式词下上面",
    "俄": "亥勒",
    "印": "刷象章花证发",
    "澳": "门元",
    "加": "工速强征大以快上入剧重紧密倍热油税",
    "墨": "水粉尔",
    "英": "寸里镑文语雄才特伟飞尺亩",
    "德": "性州高里克",
    "法": "院律规案庭官定制条治人令拉则",
    "缅": "怀",
    "越": "来过野级",
    "马": "上来斯达里克力路",
    "泰": "山然坦勒",
    "老": "师年人旧化牌板",
    "荷": "重载兰",
    "乌": "鲁云龙",
}
"""Characters that make another word with the letter before them."""

_AGAINST = "对输赴访驻援涉亲抗反销"
_FROM_OR_WITH = "在从自向与和往遭被"
_DIRECTED = frozenset("美日欧韩台华俄印澳加墨英德法缅越泰荷乌")
_LOOSE = frozenset("美欧华韩缅俄澳台")
"""Letters that also stand after weak words of direction; 在日, 与德 and the like make too many other words."""

_ACTS = re.compile(
    r"企|媒(?!介)|商(?!场|品|量|业)|军|资(?!源|格|料|产)|厂(?!房)|系(?!统|列|数)|籍|政府|官(?!方网)|财长|财政部|商务部|国防部|国务|"
    r"总统|副总统|首相|总理|外长|防长|外交部|外务|经产|经济产业|参议|众议|国会|议员|贸易代表|贸易部|能源部|内政部|司法部|"
    r"最高法院|智库|专家|学者|本土|车厂|车企|供应商|客户|海关|驻|关税|稀土|磁材|防务|战机|舰|矿(?!石)|央行|贸(?!然)"
)
"""Words for those who act, after the letter of their country."""

_SIDE = re.compile(r"方(?!面|案|式|向|法|程|圆|形|位|针|才|可|能|便|块|略)")

_NOT_AFTER: Mapping[str, str] = {
    "中": "其集当途期年月空命适手心国之高初折热击看",
    "日": "0123456789一二三四五六七八九十廿卅近今昨明前次当同每即翌平节假生本元隔往旧天终工连多几数某向",
    "陆": "大内登着水新",
    "美": "完优精甜唯审赞最很南北拉健优",
    "加": "更增参追添施附再愈强叠",
    "法": "无方办立司违合执依国宪用看做说",
    "台": "平柜舞阳出月站电吊讲后前一两三每多",
    "印": "复打水脚手",
    "马": "人立牛罗巴斑",
    "老": "古长不年",
    "越": "超优跨穿卓翻",
    "德": "道品公福",
    "英": "精",
    "泰": "康国",
    "华": "精繁才年",
    "欧": "北西东南中",
    "墨": "石",
    "韩": "",
    "荷": "负薄",
    "俄": "",
    "澳": "",
    "缅": "",
    "乌": "",
}
"""Characters that make another word with the letter after them."""

_PAIRS = re.compile(
    "(?:中美|美中|中日|日中|中欧|欧中|中韩|韩中|中澳|澳中|中俄|俄中|中印|印中|中缅|缅中|中英|英中|中德|德中|中法|法中|中加|中墨|中越|"
    "越中|中老(?=铁路|边|两|磨)|中马(?=两|关)|中泰|中荷|荷中|美日|日美|美欧|欧美|美韩|韩美|美澳|澳美|美俄|俄美|美印|印美|美英|英美|"
    "美加|加美|美墨|墨美|美台|台美|美德|德美|美法|美乌|乌美|美缅|缅美|日韩|韩日|日欧|欧日|日澳|澳日|日印|印日|日英|英日|日德|日法|"
    "日台|法德|德法|英法|欧澳|欧加|印澳|俄乌|陆美|美陆|陆日|陆欧|美越|日越|欧英)"
    "(?:[美日欧韩印澳英台](?![元好期前后益均]))*"
)

_HEADLINE_START = frozenset('，。；：！？、,;:!? \u3000\n\t「『“‘"（(《|】]')
_HEADLINE = re.compile(
    r"(?:对[华中美日欧韩台俄印]|拟|或将|宣布|暂停|称|公告|官方|上月|上半年|去年|今年|\d+月|[一二三四五六七八九十]+月|出口|扩大|放宽|收紧|"
    r"禁|限制|审查|拒|批准|将(?!军)|欲|急|寻求|下令|祭|与|和[中美日欧]|再度|重启|恢复|加征|豪掷|砸|斥|商务部|海关|稀土|强化|推|启动|松绑|解禁|加码)"
)
_HEADLINE_WIDE = frozenset("美陆欧韩澳缅俄")
_HEADLINE_NARROW = re.compile(r"(?:对[华中美欧]|拟(?!合)|媒体?(?!介)|政府|经产|外务|首相|财长|防长|外长|央行)")

_ONE = re.compile("[" + "".join(LETTERS) + "]")


def short_forms(text: str, found: list[Named], known: Mapping[str, Entity]) -> list[Named]:
    """`found` with the one-character countries of a folded text among them, in order."""
    added: list[Named] = []
    last = 0
    at = 0
    for hit in _ONE.finditer(text):
        start = hit.start()
        while at < len(found) and found[at].end <= start:
            at += 1
        if start < last or (at < len(found) and found[at].start <= start):
            continue
        limit = found[at].start if at < len(found) else len(text)
        for one in _at(text, start, limit, known):
            added.append(one)
            last = one.end
    if not added:
        return found
    return sorted([*found, *added], key=_start)


def _start(one: Named) -> int:
    return one.start


def _at(text: str, start: int, limit: int, known: Mapping[str, Entity]) -> list[Named]:
    """The countries that begin at `start`: several for a run like 美日印澳, none where the character is no country."""
    letter = text[start]
    before = text[start - 1] if start else "\n"
    free = before not in _NOT_AFTER.get(letter, "")
    pair = _PAIRS.match(text, start)
    if pair and pair.end() <= limit and (free or before in _AGAINST):
        last = pair.end() - 1
        if not _makes_word(text, last) and not (letter == "中" and before in "其年期"):
            return [Named(i, i + 1, known[LETTERS[text[i]]]) for i in range(start, pair.end())]
    if _directed(text, start, letter, before):
        return [Named(start, start + 1, known[LETTERS[letter]])]
    if not free or letter == "华":
        return []
    side = _SIDE.match(text, start + 1)
    if side and side.end() <= limit and f"gov-{LETTERS[letter].lower()}" in known:
        return [Named(start, side.end(), known[f"gov-{LETTERS[letter].lower()}"])]
    if (
        letter not in "老马"
        and _ACTS.match(text, start + 1)
        and not (letter == "中" and text[start + 1] not in "企媒资")
    ):
        if letter == "中" and text.startswith("企业", start + 1):
            return []
        return [Named(start, start + 1, known[LETTERS[letter]])]
    if before in _HEADLINE_START:
        pattern = _HEADLINE if letter in _HEADLINE_WIDE else _HEADLINE_NARROW
        if letter not in "中老马" and pattern.match(text, start + 1):
            return [Named(start, start + 1, known[LETTERS[letter]])]
    return []


def _directed(text: str, start: int, letter: str, before: str) -> bool:
    """Whether a word of direction stands before: 对美, 赴日, 在华."""
    if letter not in _DIRECTED:
        return False
    if before in _AGAINST:
        return not _makes_word(text, start)
    if before in _FROM_OR_WITH and letter in _LOOSE:
        return not _makes_word(text, start) and not text.startswith("和美乡", start - 1)
    return False


def _makes_word(text: str, at: int) -> bool:
    after = text[at + 1 : at + 2]
    if not after:
        return False
    if text[at] == "日" and after == "产":
        return not text.startswith(("产业", "产品", "产能"), at + 1)
    return after in _word_after()[text[at]]


@cache
def _word_after() -> dict[str, frozenset[str]]:
    return {letter: frozenset(chars) for letter, chars in _WORD_AFTER.items()}
