"""Home to lines: something that is said, kept as a key and its figures, and put into words where it is shown.

Each floor that says something has one table of English words by key; a page in another language has a table of its own
with the same keys. No sentence is ever taken apart again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, Union

Figure: TypeAlias = Union[str, int, float, "Line", tuple[Union[str, "Line"], ...]]
"""A number, a name as it stands, or a line; codes that have words of their own, and names in a row, are tuples."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is said."""

    key: str
    figures: tuple[tuple[str, Figure], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """{"key", and the figures by their names}; a figure that is a line is told so, too."""
        return {"key": self.key, **{name: _plain(one) for name, one in self.figures}}


def _plain(one: Figure) -> Any:
    if isinstance(one, tuple):
        return [_plain(each) for each in one]
    return one.to_dict() if isinstance(one, Line) else one


def _as_is(figure: str, code: str) -> str:
    return code


def worded(one: Line, words: Mapping[str, str], joint: str = ", ", code: Callable[[str, str], str] = _as_is) -> str:
    """A line in words: what stands in it is said first, and what stands in a row is joined by `joint`.

    Args:
        one: the line.
        words: the words of each key, with its figures by name (``{kg:,.1f} kg missing``).
        joint: what stands between names in a row.
        code: (name of the figure, code) -> the words of a code that stands in a tuple.

    >>> worded(
    ...     Line("missing", (("kg", 1234.5), ("months", ("2026-01", "2026-02")))), {"missing": "{kg:,.0f} kg: {months}"}
    ... )
    '1,234 kg: 2026-01, 2026-02'
    """

    def figure(name: str, of: Figure | str) -> Any:
        if isinstance(of, Line):
            return worded(of, words, joint, code)
        if isinstance(of, tuple):
            return joint.join(code(name, each) if isinstance(each, str) else figure(name, each) for each in of)
        return of

    return words[one.key].format(**{name: figure(name, of) for name, of in one.figures})
