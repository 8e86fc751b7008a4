"""Home to selective disclosure: a name is shown, or stands as a commitment that can be opened later and checked.

A commitment is SHA-256(salt || name), the salt 32 random bytes, the name in UTF-8. One name has one commitment within a
document, so that whoever reads it sees where the same one stands again. Salts are kept apart from the document: who
has the salt and the name can show that they belong to the commitment, who has not cannot guess the name.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ytterby.terms.errors import BadValue, UnknownName, shown

SALT = 32
"""Bytes of a salt."""
ALL, NONE = "all", "none"
KEY = "commitment"
_PREFIX = "sha256:"

Name = str | dict[str, str]
"""A name as it stands, or ``{"commitment": "sha256:…"}``."""


def committed(name: str, salt: bytes) -> str:
    """The commitment of a name."""
    return _PREFIX + hashlib.sha256(salt + name.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass
class Disclosure:
    """Which names a document shows."""

    shown: Collection[str] = (ALL,)
    """Kinds of names, or single names, that stand as they are; ``all``, or ``none``."""
    salt: Callable[[], bytes] = lambda: secrets.token_bytes(SALT)
    openings: dict[str, dict[str, str]] = field(default_factory=dict)
    """Commitment to ``{"name", "salt"}``: to be kept apart from the document."""
    _of: dict[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether every name is shown."""
        return ALL in self.shown

    def name(self, kind: str, text: str) -> Name:
        """A name of a kind as the document has it; an empty one is nothing to hide."""
        if not text or self.whole or kind in self.shown or text in self.shown:
            return text
        if text not in self._of:
            salt = self.salt()
            found = committed(text, salt)
            self._of[text] = found
            self.openings[found] = {"name": text, "salt": salt.hex()}
        return {KEY: self._of[text]}

    def kept(self) -> dict[str, Any]:
        """The openings as the file that is kept apart."""
        return {"openings": [{KEY: one, **told} for one, told in sorted(self.openings.items())]}


def choice(told: Collection[str], kinds: Collection[str]) -> Disclosure:
    """What is to be shown, as words of the command line: kinds, ``all``, ``none``, or ``name=…`` for a single name.

    Raises:
        UnknownName: a word that is no kind.
    """
    words: set[str] = set()
    for one in told or (ALL,):
        for word in one.split(",") if not one.startswith("name=") else (one,):
            if word.startswith("name="):
                words.add(word.removeprefix("name="))
            elif word in (*kinds, ALL, NONE):
                words.add(word)
            else:
                raise UnknownName(word, (*kinds, ALL, NONE), "kind of name", "--disclose")
    return Disclosure(frozenset(words))


def opened(document: Any, openings: Mapping[str, Any]) -> Any:
    """A document with the names of its commitments in their places, as far as they can be opened.

    Raises:
        BadValue: an opening does not belong to its commitment, or is none.
    """
    names = {}
    for one in openings.get("openings", ()):
        try:
            commitment, name, salt = one[KEY], one["name"], bytes.fromhex(one["salt"])
            right = hmac.compare_digest(committed(name, salt), commitment) and len(salt) == SALT
        except (KeyError, TypeError, ValueError, AttributeError):
            remedy = "give the file of openings that was written beside the document"
            raise BadValue("this is no opening of a name", place="openings", remedy=remedy) from None
        if not right:
            cause = f"'{shown(name)}' is not the name behind {commitment[:23]}…"
            raise BadValue(cause, place="openings", remedy="ask for the right name and salt")
        names[commitment] = name
    return _opened(document, names)


def _opened(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        if set(value) == {KEY}:
            return names.get(value[KEY], value)
        return {key: _opened(one, names) for key, one in value.items()}
    return [_opened(one, names) for one in value] if isinstance(value, list) else value


def plain(name: Any) -> str:
    """A name for a table: as it is, or the beginning of its commitment.

    >>> plain({"commitment": "sha256:0123456789abcdef0123"})
    '#0123456789ab'
    """
    if isinstance(name, dict):
        return f"#{str(name.get(KEY, '')).removeprefix(_PREFIX)[:12]}"
    return str(name)
