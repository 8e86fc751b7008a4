"""Home to spellings: a number written in the many ways that newspapers write it."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_ROUND = "○一二三四五六七八九"
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def classic(number: int) -> str:
    """一千二百零五: digits with their magnitudes."""
    if number >= 10**8:
        high, low = divmod(number, 10**8)
        return classic(high) + "亿" + _rest(low, 10**7)
    if number >= 10**4:
        high, low = divmod(number, 10**4)
        return classic(high) + "万" + _rest(low, 10**3)
    for size, word in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            high, low = divmod(number, size)
            return _DIGITS[high] + word + _rest(low, size // 10)
    return _DIGITS[number]


def _rest(low: int, size: int) -> str:
    if not low:
        return ""
    return ("" if low >= size else "零") + classic(low)


def positional(number: int) -> str:
    """六一五○: one character a digit."""
    return "".join(_ROUND[int(digit)] for digit in str(number))


def wide(number: int) -> str:
    """５，５７７: full-width digits with full-width commas."""
    return "".join(chr(ord(char) + 0xFEE0) for char in f"{number:,}")


def english(number: int) -> str:
    """Two thousand three hundred and five."""
    ones, tens = _ONES.split(), _TENS.split()
    if number < 20:
        return ones[number]
    if number < 100:
        high, low = divmod(number, 10)
        return tens[high - 2] + (f"-{ones[low]}" if low else "")
    for size, word in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            high, low = divmod(number, size)
            head = f"{english(high)} {word}"
            if not low:
                return head
            return f"{head} and {english(low)}" if low < 100 else f"{head} {english(low)}"
    raise AssertionError
