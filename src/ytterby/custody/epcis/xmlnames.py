"""Home to names in XML: what any JSON name is called there, and back; and namespaces with a prefix each.

A name that XML cannot bear is escaped as SQL/XML does (ISO/IEC 9075-14): ``_x0020_`` for a space.
"""

from __future__ import annotations

import re

_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
)
_NAME = re.compile(f"[{_START}][{_START}.0-9\u00b7-]*")
_BAD = re.compile(f"[^{_START}.0-9\u00b7-]|_(?=x(?:[0-9A-F]{{4,6}}|EMPTY)_)")
_ESCAPED = re.compile("_x([0-9A-F]{4,6})_")
_EMPTY = "_xEMPTY_"
_PREFIX = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def escaped(name: str) -> str:
    """A name XML can bear.

    >>> escaped("batch no"), plain(escaped("batch no"))
    ('batch_x0020_no', 'batch no')
    """
    if _NAME.fullmatch(name) and "_x" not in name:
        return name
    if not name:
        return _EMPTY
    made = _BAD.sub(lambda found: f"_x{ord(found.group()):04X}_", name)
    return made if _NAME.match(made) else f"_x{ord(name[0]):04X}_{made[1:]}"


def plain(name: str) -> str:
    """The name an escaped one stands for."""
    if "_x" not in name or name == _EMPTY:
        return "" if name == _EMPTY else name
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)) if int(found.group(1), 16) < 0x110000 else "", name)


class Spaces:
    """Namespaces of one document, each with a prefix of its own."""

    def __init__(self, wished: dict[str, str] | None = None) -> None:
        self.by_space: dict[str, str] = {}
        self.by_prefix: dict[str, str] = {}
        for prefix, space in (wished or {}).items():
            self.prefix(space, prefix)

    def prefix(self, space: str, wished: str | None = None) -> str:
        """The prefix of a namespace: the one that was wished for, where it is free and can be one."""
        found = self.by_space.get(space)
        if found is None:
            found = wished if wished and _PREFIX.fullmatch(wished) and wished.lower() != "xml" else "ext_1"
            number = 1
            while found in self.by_prefix:
                number += 1
                found = f"{found.rstrip('0123456789') or 'ext_'}{number}"
            self.by_space[space], self.by_prefix[found] = found, space
        return found
