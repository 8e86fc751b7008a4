"""Home to languages told by their script: the letters decide before anything that a page says of itself."""

from __future__ import annotations

import re
from functools import cache

from ytterby.evidence.documents import Lang

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA = re.compile("[\u3041-\u30fa\u30fd-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_FOREIGN = re.compile("[\u3041-\u30fa\u30fd-\u30ff\uac00-\ud7a3]")
_LATIN = re.compile("[A-Za-z]")
_OTHER = re.compile("[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u05ff\u0600-\u06ff\u0900-\u0e7f]")
_SAMPLE = 20_000
_PER_HAN = 4.0
"""Latin letters that carry as much as one Han character."""

_NAMES: dict[str, Lang] = {
    "zh": "zh", "zh-cn": "zh", "zh-hans": "zh", "zh-sg": "zh", "chinese": "zh", "中文": "zh", "简体中文": "zh",
    "zh-tw": "zh-Hant", "zh-hk": "zh-Hant", "zh-mo": "zh-Hant", "zh-hant": "zh-Hant", "繁体中文": "zh-Hant",
    "繁體中文": "zh-Hant", "en": "en", "en-us": "en", "en-gb": "en", "english": "en", "英文": "en",
}  # fmt: skip


def language(text: str, declared: str = "") -> Lang:
    """The language of a text by its script; `declared` decides only what the script leaves open.

    >>> language("稀土磁体出口"), language("稀土磁鐵出口"), language("magnet exports"), language("磁石の輸出")
    ('zh', 'zh-Hant', 'en', '')
    """
    sample = text[:_SAMPLE]
    said = _NAMES.get(declared.strip().lower().replace("_", "-"), "")
    if sample.isascii():
        return "en" if _LATIN.search(sample) else said
    latin, han = len(_LATIN.findall(sample)), len(_HAN.findall(sample))
    if not han:
        if not latin:
            return said
        return "" if len(_OTHER.findall(sample)) > 0.04 * latin else "en"
    foreign = _FOREIGN.search(sample) is not None
    if foreign and (len(_KANA.findall(sample)) > 0.08 * han or len(_HANGUL.findall(sample)) > han):
        return "" if han * _PER_HAN > 0.3 * latin else "en"
    if han * _PER_HAN < latin:
        return "en"
    old, new = _scripts()
    traditional, simplified = sum(map(old.__contains__, sample)), sum(map(new.__contains__, sample))
    if traditional == simplified:
        return "zh-Hant" if said == "zh-Hant" else "zh"
    return "zh-Hant" if traditional > simplified else "zh"


def known(name: str) -> Lang:
    """The language a page names; empty where it is none of ours."""
    plain = name.strip().lower().replace("_", "-")
    return _NAMES.get(plain) or _NAMES.get(plain.split("-")[0], "")


@cache
def simplified_of() -> dict[str, str]:
    """Traditional character to its first simplified form."""
    return {old: forms[0] for old, forms in _table("TSCharacters.txt").items() if forms[0] != old}


@cache
def _scripts() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that are written in traditional text only, and those in simplified text only."""
    new = frozenset(char for char, forms in _table("STCharacters.txt").items() if char not in forms)
    return frozenset(simplified_of()) - new, new - frozenset(simplified_of())


def _table(name: str) -> dict[str, list[str]]:
    from importlib.resources import files

    listing = files("opencc").joinpath("dictionary", name).read_text(encoding="utf-8")
    pairs = (line.partition("\t") for line in listing.splitlines())
    return {old: forms.split() for old, _, forms in pairs if len(old) == 1 and forms.strip()}
