"""Home to the gloss: original words in quotation marks, with the names they hold given in the reader's language."""

from __future__ import annotations

from functools import lru_cache

from ytterby.evidence.briefs.wording import Tongue
from ytterby.evidence.names import find
from ytterby.terms.text import fold

MOST_TERMS = 6
"""Glosses given to one quotation."""

_SAID = frozenset(
    (
        "material",
        "product",
        "stage",
        "company",
        "agency",
        "government",
        "organisation",
        "country",
        "place",
        "mine",
        "plant",
        "instrument",
        "person",
    )
)
_SPECIAL = (
    "material",
    "product",
    "instrument",
    "agency",
    "company",
    "organisation",
    "mine",
    "plant",
    "stage",
    "person",
)


@lru_cache(maxsize=1024)
def glossed(words: str, lang: Tongue) -> str:
    """Original words, quoted letter for letter, then what its names are called in the language of the brief.

    >>> glossed("Rare earth magnets are scarce.", "zh")
    '「Rare earth magnets are scarce.」（Rare earth magnets：稀土磁体）'
    """
    terms = glosses(words, lang)
    if lang == "zh":
        return f"「{words}」" + (f"（{'；'.join(f'{old}：{new}' for old, new in terms)}）" if terms else "")
    return f"“{words}”" + (f" ({'; '.join(f'{old}: {new}' for old, new in terms)})" if terms else "")


def glosses(words: str, lang: Tongue) -> list[tuple[str, str]]:
    """Names in a text with what they are called in `lang`, each once, in order; the terms of the trade come first."""
    found: dict[str, tuple[int, int, str, str]] = {}
    for named in find(fold(words)):
        one = named.entity
        new = one.zh if lang == "zh" else one.en
        old = words[named.start : named.end]
        if one.kind in _SAID and new and fold(new).casefold() != fold(old).casefold() and one.id not in found:
            order = _SPECIAL.index(one.kind) if one.kind in _SPECIAL else len(_SPECIAL)
            found[one.id] = (order, named.start, old, new)
    kept = sorted(found.values())[:MOST_TERMS]
    return [(old, new) for _, _, old, new in sorted(kept, key=lambda item: item[1])]
