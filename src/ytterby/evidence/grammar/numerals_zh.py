"""Home to Chinese numerals: 一千二百, 六一五〇, 1.2万, 十五六, 一点五, read to numbers.

Reads folded text: traditional 萬 and 億 and full-width digits have become 万, 亿 and plain digits before.
"""

from __future__ import annotations

import re
from functools import lru_cache

DIGITS = {"零": 0, "〇": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
DIGITS |= {"六": 6, "七": 7, "八": 8, "九": 9}
DIGITS |= {"壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
GREAT = {"万": 10_000, "亿": 100_000_000, "兆": 1_000_000_000_000}

DIGIT = "".join(DIGITS)
MAGNITUDE = "".join((*SMALL, *GREAT))
CHARS = DIGIT + MAGNITUDE + "廿卅"

_TOKEN = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|.", re.DOTALL)
_POSITIONAL = re.compile(rf"[{DIGIT}]+")
_PAIR = re.compile(rf"[一二两三四五六七八九](?=[一二三四五六七八九](?:[{MAGNITUDE}]|$))")


@lru_cache(maxsize=8192)
def chinese(text: str) -> float | None:
    """The number that the whole of `text` spells, Arabic digits allowed among the characters; None where it is none.

    >>> chinese("一千二百"), chinese("六一五〇"), chinese("1.2万"), chinese("三亿五千万"), chinese("一万二")
    (1200.0, 6150.0, 12000.0, 350000000.0, 12000.0)
    """
    head, point, tail = text.partition("点")
    if not point and text[0] in DIGITS:
        head, point, tail = _pointed(text)
    if point:
        return _with_point(head, tail)
    if len(text) > 1 and _POSITIONAL.fullmatch(text):
        return float("".join(str(DIGITS[char]) for char in text))
    return _by_magnitude(text.replace("廿", "二十").replace("卅", "三十"))


def _pointed(text: str) -> tuple[str, str, str]:
    """七.六 and 七·六 split as 七点六 is."""
    for point in ".·":
        head, found, tail = text.partition(point)
        if found:
            return head, found, tail
    return text, "", ""


@lru_cache(maxsize=2048)
def between(text: str) -> tuple[float, float] | None:
    """Low and high of two neighbouring digits said together: 两三, 十五六, 二三十, 三四百; None where there are none.

    >>> between("两三"), between("十五六"), between("三四百"), between("二十三")
    ((2.0, 3.0), (15.0, 16.0), (300.0, 400.0), None)
    """
    pair = _PAIR.search(text)
    if pair is None or sum(char in DIGITS for char in text) > 3:
        return None
    at = pair.start()
    first, second = text[at], text[at + 1]
    near = DIGITS[second] - DIGITS[first]
    if near != 1 and (first, second) != ("三", "五"):
        return None
    low = _by_magnitude(text[: at + 1] + text[at + 2 :])
    high = _by_magnitude(text[:at] + text[at + 1 :])
    return (low, high) if low is not None and high is not None and low < high else None


def _with_point(head: str, tail: str) -> float | None:
    match = re.fullmatch(rf"([{DIGIT}0-9]+)([{MAGNITUDE}]*)", tail)
    whole = chinese(head) if head else None
    if match is None or whole is None or "点" in head:
        return None
    digits = "".join(str(DIGITS.get(char, char)) for char in match[1])
    scale = _by_magnitude("一" + match[2]) if match[2] else 1.0
    return None if scale is None else float(f"{whole:.0f}.{digits}") * scale


def _by_magnitude(text: str) -> float | None:
    """Classic reading: digits times small magnitudes fill a section, 万 and 亿 close it."""
    total = section = 0.0
    number: float | None = None
    last = 1.0
    for token in _TOKEN.findall(text):
        if token in DIGITS:
            if number:
                return None
            number = float(DIGITS[token])
            last = last if number else 1.0
        elif token in SMALL:
            section += (1.0 if number is None else number) * SMALL[token]
            last, number = SMALL[token], None
        elif token in GREAT:
            scale = GREAT[token]
            held = section + (number or 0.0)
            if scale == 10_000:
                section = (held or 1.0) * scale
            else:
                total, section = total + (held or 1.0) * scale, 0.0
            last, number = scale, None
        elif token[0].isascii() and token[0].isdigit():
            if number is not None:
                return None
            number, last = float(token.replace(",", "")), 1.0
        else:
            return None
    if number is not None:
        # 一万二 stops short of its last magnitude: it is 一万二千.
        section += number * (last / 10.0 if last > 10.0 and number < 10.0 else 1.0)
    return round(total + section, 9)
