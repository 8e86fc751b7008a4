"""Home to the times of Chinese text: 去年12月, 今年前七个月, 上半年, 廿日, 民国一百一十四年, 同期, 即日."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ytterby.evidence.grammar.moments import Anchor, Moment
from ytterby.evidence.grammar.numerals_zh import chinese

_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九元])"
_DAY = (
    r"(?:[12][0-9]|3[01]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|卅一?|[一二三四五六七八九])"
)
_TO = r"(?:至|到|-|~|\u2013|\u2014)"
_YEARS = {"前年": -2, "去年": -1, "上年": -1, "上一年": -1, "今年": 0, "本年": 0, "明年": 1, "来年": 1, "后年": 2}
_SPOKEN = {"同年": 0, "当年": 0, "次年": 1, "翌年": 1}
_PARTS = r"上旬|中旬|下旬|上半月|下半月|月初|月底|月末|月中|初|底|末|中(?![国美欧日俄方央的重])"


def _tail(name: str) -> str:
    """The part of a Chinese date after its year; `name` keeps the groups of its two places apart."""
    return (
        rf"(?:(?P<q{name}>第[一二三四1-4]季度?|[一二三四](?:、[一二三四])?季度|[一二三四]季(?!节|报)|首季度?|[Qq][1-4](?![0-9]))"
        rf"|(?P<h{name}>[上下]半年|[Hh][12](?![0-9]))"
        rf"|(?P<nm{name}>(?:前|头|首)(?P<n{name}>[一二两三四五六七八九十]{{1,2}}|[0-9]{{1,2}})个?月份?(?!前))"
        rf"|前(?P<nq{name}>[二两三23])个?季度?"
        rf"|(?P<a{name}>{_MONTH})月?份?{_TO}(?P<b{name}>{_MONTH})月份?(?!{_DAY}[日号])"
        rf"|(?<![0-9个第])(?P<m{name}>{_MONTH})月份?(?:(?P<d{name}>{_DAY})[日号](?!公告|令|文)|(?P<part{name}>{_PARTS}))?)"
    )


_YEAR4 = r"(?:(?:1[789]|20|21)[0-9]{2}|[一二][零〇○一二三四五六七八九]{3})"
_ZH = re.compile(
    rf"(?:民国(?P<roc>[0-9]{{2,3}}|[一二三四五六七八九十百零〇○]{{2,6}})年"
    rf"|(?<![0-9.])(?P<y>{_YEAR4})(?:[/-](?P<y3>[0-9]{{2}}))?(?P<fy>财政年度|财年|会计年度)"
    rf"|(?<![0-9.])(?P<y2>{_YEAR4}|2[0-9](?=年(?:{_MONTH}月|[上下]半年))|1[01][0-9](?=年(?:{_MONTH}月|[上下]半年|度|底)))年(?!代)度?"
    rf"|(?P<yr>上一年|去年|今年|明年|前年|后年|上年|本年|来年|同年|当年|次年|翌年)度?)"
    rf"(?:的?(?:{_tail('')}|(?P<same>同期|同月|同季度?)|(?P<whole>全年)"
    rf"|(?P<yp>年?[初底末]|年中|中期|中(?![国美欧日俄方央的重]))))?"
    rf"|(?P<rm>上一个月|上个月|上月|本月|当月|前一个月|前一月|前月|下个月|下月|这个月|同月|次月)"
    rf"(?:(?P<rd>{_DAY})[日号]|(?P<rp>{_PARTS}))?"
    rf"|{_tail('_')}"
    rf"|(?P<near>[上本今下去])\((?P<nm9>{_MONTH})\)月(?:(?P<nd9>{_DAY})日)?"
    rf"|[今去本前明]\((?P<ny9>{_YEAR4}|1[01][0-9])\)年(?:(?P<nym9>{_MONTH})月(?:(?P<nyd9>{_DAY})日)?)?"
    r"|(?P<rq>上季度?|本季度?|下季度?)(?!节)"
    r"|(?P<same2>同期|同季度?)|(?P<whole2>全年)|(?P<yp2>年[初底末中](?!国))|(?P<mp2>月[初底末中](?!国))"
    rf"|(?<![0-9个第满每约近共天月])(?P<day>{_DAY})日(?![内后均本元期出常照夜]|以内|之内|之后|左右)"
    r"|(?P<now>即日|今日|今天|昨日|昨天|明日|明天|前天|同日|当日|当天|当前|目前|现在|如今)(?![本报])"
    r"|(?P<wk>上周|本周|下周|这周)(?P<wd>[一二三四五六日天](?!本))?"
    r"|(?<![每])(?:周|星期|礼拜)(?P<wd2>[一二三四五六日天](?![本年边]))"
    r"|(?P<dec>(?:1[89]|20)[0-9]0年代|(?<![0-9])[5-9]0年代|(?:上|20|二十)世纪(?:[0-9]0|[二三四五六七八九]十)年代|本世纪初)"
)
# Where a moment may begin: a run of digits before a word of time, or one of these words. Both are found at a walk,
# while the whole grammar is tried at those places only.
_RUN = re.compile(
    rf"[0-9〇○零一二三四五六七八九十廿卅元]{{1,4}}(?:[年月日季][^本]?|财年|财政|会计|个月|[/-][0-9]{{2}}[财会]|世纪|0?年代"
    rf"|{_TO}[0-9一二三四五六七八九十]{{1,2}}[月季]|月?{_TO}{_MONTH}月)"
)
_LEAD = re.compile(
    "去年|今年|明年|前年|后年|上年|上一年|本年|来年|同年|当年|次年|翌年|民国|上半年|下半年|首季|第一季|第二季|第三季|第四季|第1季|第2季|第3季|第4季"
    "|前一|前二|前两|前三|前四|前五|前六|前七|前八|前九|前十|前1|前2|前3|前4|前5|前6|前7|前8|前9|前月|头一|头两|头三|头四|头五|头六|头七|头八|头2|头3|首两|首三|首六|首个月"
    "|上一个月|上个月|上月|本月|当月|下个月|下月|这个月|同月|次月|同期|同季|全年|年初|年底|年末|年中|月初|月底|月末|月中"
    "|即日|今日|今天|昨日|昨天|明日|明天|前天|同日|当日|当天|当前|目前|现在|如今|上季|本季|下季|上\\(|本\\(|今\\(|下\\(|去\\(|前\\(|明\\(|上周|本周|下周|这周|周一|周二|周三|周四|周五|周六|周日|周天"
    "|星期|礼拜|上世纪|20世纪|二十世纪|本世纪初|Q1|Q2|Q3|Q4|H1|H2"
)
_ORDINAL = {"一": 1, "二": 2, "三": 3, "四": 4, "首": 1, "末": 4}
_RELATIVE: dict[str, tuple[Anchor, int]] = {
    "上一个月": ("month", -1), "上个月": ("month", -1), "上月": ("month", -1), "前一个月": ("before", -1),
    "前一月": ("before", -1), "前月": ("before", -1), "本月": ("month", 0), "这个月": ("month", 0), "当月": ("same", 0),
    "同月": ("same", 0), "下个月": ("month", 1), "下月": ("month", 1), "次月": ("before", 1),
}  # fmt: skip
_NOW: dict[str, tuple[Anchor, int]] = {
    "即日": ("day", 0), "今日": ("day", 0), "今天": ("day", 0), "昨日": ("day", -1), "昨天": ("day", -1),
    "明日": ("day", 1), "明天": ("day", 1), "前天": ("day", -2), "同日": ("sameday", 0), "当日": ("sameday", 0),
    "当天": ("sameday", 0), "当前": ("month", 0), "目前": ("month", 0), "现在": ("month", 0), "如今": ("month", 0),
}  # fmt: skip
_WEEKDAYS = "一二三四五六日"


def moments_zh(text: str) -> Iterator[Moment]:
    """The times that Chinese words of a folded text name, in order."""
    reached = 0
    starts = [match.start() for match in _RUN.finditer(text)]
    starts += [match.start() for match in _LEAD.finditer(text)]
    for start in sorted(starts):
        if start < reached:
            continue
        match = _ZH.match(text, start)
        made = _moment(match) if match is not None else None
        if made is not None:
            reached = made.end
            yield made


def _moment(match: re.Match[str]) -> Moment | None:
    start, end = match.span()
    if match["rm"]:
        return _relative_month(match)
    if match["near"] or match["ny9"]:
        return _bracketed(match)
    if match["rq"]:
        return Moment(start, end, anchor="quarter", shift={"上": -1, "本": 0, "下": 1}[match["rq"][0]])
    if match["day"]:
        return Moment(start, end, day=_number(match["day"]))
    if match["now"]:
        anchor, shift = _NOW[match["now"]]
        return Moment(start, end, anchor=anchor, shift=shift, fuzzy=anchor == "month")
    if match["wk"] or match["wd2"]:
        return _week(match)
    if match["dec"]:
        return _decade(match)
    if match["same2"]:
        return Moment(start, end, anchor="same")
    if match["whole2"]:
        return Moment(start, end, first=1, last=12, anchor="same")
    if match["yp2"] or match["mp2"]:
        return _part_of_now(match)
    year, years, spoken, shift = _year(match)
    if match["same"] and years == -1:
        # Said in January of figures for December, 去年同期 is a year before that December, not the year just past.
        return Moment(start, end, anchor="before", shift=-12)
    if match["same"]:
        return Moment(start, end, year, years, anchor="same", shift=shift)
    first, last, day, fuzzy = _tail_of(match, "" if _has_year(match) else "_")
    if match["yp"]:
        first, last, fuzzy = (12, 12, True) if match["yp"][-1] in "底末" else (1, 12, True)
    if spoken and not first:
        return Moment(start, end, first=1, last=12, anchor="same", shift=shift)
    if not first and not day:
        first, last = 1, 12
    return Moment(start, end, year, years, first, last, day, fuzzy, fiscal=bool(match["fy"]))


def _has_year(match: re.Match[str]) -> bool:
    return bool(match["roc"] or match["y"] or match["y2"] or match["yr"])


def _year(match: re.Match[str]) -> tuple[int | None, int | None, bool, int]:
    """Year, years from the document's, whether it is told by the year spoken of, and the shift from that."""
    if match["roc"]:
        return 1911 + _number(match["roc"]), None, False, 0
    said = match["y"] or match["y2"]
    if said:
        number = _number(said)
        if match["y3"]:
            number = number // 100 * 100 + int(match["y3"])
        # 25年4月 leaves the century out, 114年5月 counts the Republic's years.
        century = 2000 if number < 100 else 1911 if number < 200 else 0
        return number + century, None, False, 0
    word = match["yr"]
    if word in _SPOKEN:
        return None, None, True, _SPOKEN[word]
    return None, (_YEARS[word] if word else None), False, 0


def _tail_of(match: re.Match[str], name: str) -> tuple[int, int, int, bool]:
    """First and last month, day, and whether only about, of the part after the year."""
    quarter = match[f"q{name}"]
    if quarter:
        number = next((_ORDINAL.get(char) or int(char) for char in quarter if char in _ORDINAL or char in "1234"), 1)
        return 3 * number - 2, 3 * number, 0, False
    half = match[f"h{name}"]
    if half:
        return (1, 6, 0, False) if half[0] == "上" or half[-1] == "1" else (7, 12, 0, False)
    if match[f"nm{name}"]:
        return 1, min(12, max(1, _number(match[f"n{name}"]))), 0, False
    if match[f"nq{name}"]:
        return 1, 3 * _number(match[f"nq{name}"]), 0, False
    if match[f"a{name}"]:
        return _number(match[f"a{name}"]), _number(match[f"b{name}"]), 0, False
    if match[f"m{name}"]:
        month = _number(match[f"m{name}"])
        day = match[f"d{name}"]
        return month, month, _number(day) if day else 0, bool(match[f"part{name}"])
    return 0, 0, 0, False


def _number(text: str) -> int:
    if text == "元":
        return 1
    value = chinese(text)
    return int(value) if value is not None else 0


def _relative_month(match: re.Match[str]) -> Moment:
    anchor, shift = _RELATIVE[match["rm"]]
    day = _number(match["rd"]) if match["rd"] else 0
    return Moment(*match.span(), anchor=anchor, shift=shift, day=day, fuzzy=bool(match["rp"]), first=-1)


def _bracketed(match: re.Match[str]) -> Moment:
    """本(5)月20日, 今(114)年: the number in brackets tells what the word leaves open."""
    if match["near"]:
        month, day = _number(match["nm9"]), match["nd9"]
        return Moment(*match.span(), first=month, last=month, day=_number(day) if day else 0)
    year = _number(match["ny9"])
    month, day = _number(match["nym9"]) if match["nym9"] else 0, match["nyd9"]
    first, last = (month, month) if month else (1, 12)
    return Moment(*match.span(), year + 1911 if year < 200 else year, None, first, last, _number(day) if day else 0)


def _week(match: re.Match[str]) -> Moment:
    word, day = match["wk"], match["wd"] or match["wd2"]
    shift = {"上周": -1, "下周": 1}.get(word or "", 0)
    if day:
        number = _WEEKDAYS.index("日" if day == "天" else day) + 1
        return Moment(*match.span(), day=number, anchor="weekday" if not word else "week", shift=shift)
    return Moment(*match.span(), anchor="week", shift=shift)


def _decade(match: re.Match[str]) -> Moment:
    word = match["dec"]
    digits = re.search(r"[0-9]{4}|(?<![0-9])[0-9]0(?=年)|[二三四五六七八九]十(?=年代)", word)
    if digits is None:
        return Moment(*match.span(), year=2000, first=1, last=12, anchor="decade", fuzzy=True)
    number = _number(digits[0])
    return Moment(*match.span(), year=number if number > 100 else 1900 + number, first=1, last=12, anchor="decade")


def _part_of_now(match: re.Match[str]) -> Moment:
    word = match["yp2"] or match["mp2"]
    if word[0] == "月":
        return Moment(*match.span(), anchor="month", fuzzy=True, first=-1)
    months = (12, 12) if word[1] in "底末" else (1, 12)
    return Moment(*match.span(), years=0, first=months[0], last=months[1], fuzzy=True)
