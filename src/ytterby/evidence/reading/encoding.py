"""Home to encodings: which one some bytes are written in, by evidence rather than by hope.

Order of evidence: a byte order mark; strict UTF-8, which other text hardly ever is by chance; what was declared; then
GB18030, Big5 and Windows-1252, of which the one whose reading has the most common characters wins. Text that mixes
encodings is refused with its line rather than patched: a figure beside a replaced character may be another figure.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

from ytterby.evidence.reading.language import simplified_of
from ytterby.terms.errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANDIDATES = ("gb18030", "big5", "cp950", "big5hkscs", "cp1252")
_SAME = {"gb2312": "gb18030", "gbk": "gb18030", "gb-2312": "gb18030", "x-gbk": "gb18030", "latin-1": "cp1252"}
_SAME |= {"iso-8859-1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252"}
_SAMPLE = 1 << 16
_ENOUGH = 0.35
"""Share of common characters among those outside ASCII that makes a reading believable."""

_COMMON = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然"
    "家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把"
    "机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果"
    "加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔"
    "更别打变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马"
    "科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边张该交规万取拉格望觉术领共确传"
    "师观清今切院让识候带导争运稀土磁铁矿镝铽钕镨钐钇钆镥钪铈镧氧材料亿元价吨署海商暂停施限额配供应链技炼冶离股份企"
    "季增减降升涨跌约逾近首客户申请批准欧韩越泰澳印缅甸蒙古包头赣州、，。；：？！（）《》“”「」『』％—…·"
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x7f]")
_HIGH = re.compile(rb"[\x80-\xff]")

_MAGIC = (
    (b"PK\x03\x04", "an archive or an Office file", "save it as PDF or as plain text and read that"),
    (b"\xd0\xcf\x11\xe0", "an old Office file", "save it as PDF or as plain text and read that"),
    (b"\x89PNG", "a picture", "read the text it was made from, or run text recognition on it first"),
    (b"\xff\xd8\xff", "a picture", "read the text it was made from, or run text recognition on it first"),
    (b"GIF8", "a picture", "read the text it was made from, or run text recognition on it first"),
    (b"\x1f\x8b", "a compressed file", "unpack it and read what is inside"),
    (b"7z\xbc\xaf", "an archive", "unpack it and read what is inside"),
    (b"Rar!", "an archive", "unpack it and read what is inside"),
    (b"SQLite format 3", "a database", "name documents: text, Markdown, HTML or PDF"),
    (b"\x7fELF", "a program", "name documents: text, Markdown, HTML or PDF"),
    (b"MZ\x90", "a program", "name documents: text, Markdown, HTML or PDF"),
)


def decode(content: bytes, *, declared: str = "", place: str = "") -> tuple[str, str]:
    """Text and the name of its encoding; a byte order mark is not part of the text.

    Raises:
        InputError: the bytes are no text, are empty, or mix encodings.
    """
    if not content.strip():
        cause = "the file is empty" if not content else "the file holds nothing but blanks"
        raise InputError(cause, place=place, remedy="check that it was saved or fetched whole")
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _checked(_strict(content[len(mark) :], name, place), place), name
    for magic, what, remedy in _MAGIC:
        if content.startswith(magic):
            raise InputError(f"this is {what}, not text", place=place, remedy=remedy)
    if b"\0" in content[:4096]:
        wide = _wide(content)
        if wide is not None:
            return _checked(wide[0], place), wide[1]
        raise _junk(place)
    try:
        return _checked(content.decode("utf-8"), place), "utf-8"
    except UnicodeDecodeError as error:
        cut = error.end == len(content) and len(content) - error.start < 4 and error.start > 16
        if cut and "unexpected end" in error.reason:
            # A download that stops inside its last character has lost that character and nothing else.
            return _checked(content.decode("utf-8", "replace"), place), "utf-8"
    return _otherwise(content, declared, place)


def _otherwise(content: bytes, declared: str, place: str) -> tuple[str, str]:
    """Text that is not UTF-8."""
    named = _known(declared)
    texts: dict[str, str] = {}
    for name in dict.fromkeys((*((named,) if named else ()), *_CANDIDATES)):
        try:
            texts[name] = content.decode(name)
        except UnicodeDecodeError:
            continue
    scores = {name: _likeness(text) + (0.2 if name == named else 0.0) for name, text in texts.items()}
    if not scores:
        raise _mixed(content, place) or _junk(place)
    best = max(scores, key=lambda name: (scores[name], -list(scores).index(name)))
    if scores[best] < _ENOUGH and best != named:
        raise _mixed(content, place) or _junk(place)
    if best != "cp1252" and (mixed := _mixed(content, place, best)) is not None:
        raise mixed
    return _checked(texts[best], place), best


def _likeness(text: str) -> float:
    """How much of what is not ASCII looks like something people write, from 0 to 1."""
    other = [char for char in text[:_SAMPLE] if char > "\x7f"]
    if not other:
        return 0.5
    common = _common()
    if other[0] < "\u0400" and all(char < "\u2e80" for char in other):
        # Western text: single accented letters and curled quotes among many plain ones.
        letters = sum(char.isalpha() or char in "‘’“”–—…€£°·•™®©½" for char in other)
        return 0.6 * letters / len(other) if len(other) < 0.2 * min(len(text), _SAMPLE) else 0.0
    return sum(char in common for char in other) / len(other)


def _mixed(content: bytes, place: str, name: str = "") -> InputError | None:
    """The error for text whose lines are written in more than one encoding; None where they are not."""
    seen: dict[str, int] = {}
    for number, line in enumerate(content.splitlines(), 1):
        if not _HIGH.search(line):
            continue
        own = _of_line(line)
        if own and own not in seen:
            seen[own] = number
    if len(seen) < 2:
        return None
    (first, at), (second, then) = list(seen.items())[:2]
    return InputError(
        f"the text mixes encodings: line {at} is {first.upper()}, line {then} is {second.upper()}",
        place=place,
        remedy="save it again as UTF-8; read as it stands, its figures could not be trusted",
    )


def _of_line(line: bytes) -> str:
    """The encoding of one line, where the line is long enough to tell."""
    found: dict[str, float] = {}
    for name in ("utf-8", "gb18030", "big5"):
        try:
            text = line.decode(name)
        except UnicodeDecodeError:
            continue
        other = [char for char in text if char > "\x7f"]
        if len(other) >= 3:
            found[name] = _likeness(text) + (0.3 if name == "utf-8" else 0.0)
    best = max(found, key=lambda name: found[name], default="")
    return best if best and found[best] >= _ENOUGH else ""


def _wide(content: bytes) -> tuple[str, str] | None:
    """UTF-16 without a mark, whose ASCII has a nought in every second byte; None where it does not look like text."""
    found: dict[str, tuple[float, str]] = {}
    for name in ("utf-16-le", "utf-16-be"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        plain = sum(char <= "\x7f" for char in text[:_SAMPLE])
        if "\0" not in text and plain * 20 > min(len(text), _SAMPLE):
            found[name] = (_likeness(text), text)
    best = max(found, key=lambda name: found[name][0], default="")
    return (found[best][1], best) if best and found[best][0] >= _ENOUGH else None


def _strict(content: bytes, name: str, place: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            f"the file says it is {name.upper()} and is not: byte {error.start} does not fit",
            place=f"{place} line {line}".strip(),
            remedy="save it again as UTF-8",
        ) from None


def _checked(text: str, place: str) -> str:
    """The text, where it is text."""
    controls = len(_CONTROLS.findall(text))
    if "\0" in text or controls > 2 + len(text) // 500:
        raise _junk(place)
    if not text.strip():
        raise InputError("the file holds nothing but blanks", place=place, remedy="check that it was saved whole")
    return text


def _junk(place: str) -> InputError:
    return InputError(
        "this is binary data, or text in an encoding nobody declared",
        place=place,
        remedy="name documents: text (UTF-8, GB18030, Big5), Markdown, HTML or PDF",
    )


def _known(name: str) -> str:
    """The codec of a declared name; empty where there is none."""
    plain = name.strip().strip("\"'").lower()
    plain = _SAME.get(plain, plain)
    try:
        return plain if plain and codecs.lookup(plain).name != "utf-8" else ""
    except (LookupError, ValueError):
        return ""


@cache
def _common() -> frozenset[str]:
    common = set(_COMMON)
    return frozenset(common | {old for old, new in simplified_of().items() if new in common})
