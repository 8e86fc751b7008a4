"""Home to the errors a user can meet: each says what is wrong, where, and what to do about it.

YtterbyError                    cause · place · remedy
├── InputError                  something given to us is wrong; nothing was changed
│   ├── UnknownName             a name nobody knows; suggests the nearest ones
│   ├── BadValue                a value of the wrong kind or out of range
│   ├── Unbalanced              a recipe that makes matter, shares that do not sum to one
│   └── DateOrder               an end before its start
├── StoreError                  the project folder or its database
└── RunError                    a run that cannot start or finish
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class YtterbyError(Exception):
    r"""Root of every error meant for a user: `cause` what is wrong, `place` where, `remedy` what to do.

    >>> str(YtterbyError("capacity is negative", place="facilities.csv line 3", remedy="write a number of 0 or more"))
    'capacity is negative · facilities.csv line 3\nwrite a number of 0 or more'
    """

    exit_code = 1
    """Exit status of the command line (2 is kept for wrong usage)."""

    def __init__(self, cause: str, *, place: str = "", remedy: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.place = place
        self.remedy = remedy

    def __str__(self) -> str:
        head = " · ".join(part for part in (self.cause, self.place) if part)
        return "\n".join(part for part in (head, self.remedy) if part)

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions with keyword arguments do not survive pickling, and workers send them between processes.
        return (_revive, (type(self), self.__dict__.copy()))

    def to_dict(self) -> dict[str, str]:
        """The error as plain text fields: kind, cause, place, remedy."""
        return {"kind": type(self).__name__, "cause": self.cause, "place": self.place, "remedy": self.remedy}


class InputError(YtterbyError):
    """Something given to us is wrong: refused before anything changed."""


class UnknownName(InputError):
    """A name that is not among the known ones.

    Args:
        name: what was written.
        known: the names that would have been understood.
        what: the kind of thing, e.g. ``"facility"``.
        place: file, line and column, or the option it was given to.
        remedy: what to do where no known name comes near and there are too many to list.
    """

    def __init__(
        self, name: str, known: Iterable[str] = (), what: str = "name", place: str = "", remedy: str = ""
    ) -> None:
        self.name = name
        self.what = what
        choices = sorted({str(choice) for choice in known})
        self.suggestions = nearest(name, choices)
        if self.suggestions:
            remedy = "did you mean " + " or ".join(f"'{choice}'" for choice in self.suggestions) + "?"
        elif 0 < len(choices) <= 20:
            remedy = f"known: {', '.join(choices)}"
        super().__init__(f"unknown {what} '{shown(name)}'", place=place, remedy=remedy)


class BadValue(InputError):
    """A value of the wrong kind or outside its range."""


class Unbalanced(InputError):
    """Matter out of nothing, or shares that do not sum to one."""


class DateOrder(InputError):
    """An end that comes before its start."""


class StoreError(YtterbyError):
    """The project folder, its database or its disk."""


class RunError(YtterbyError):
    """A run that cannot start or cannot finish."""


def nearest(name: str, known: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """Up to `count` known names that look like `name`, nearest first; case is ignored.

    >>> nearest("Lnyas Kalgoorlie", ["lynas_kalgoorlie", "mp_mountain_pass"])
    ('lynas_kalgoorlie',)
    """
    by_key: dict[str, str] = {}
    for choice in known:
        by_key.setdefault(choice.casefold(), choice)
    key = name[:200].casefold()
    return tuple(by_key[hit] for hit in difflib.get_close_matches(key, by_key, n=count, cutoff=0.6))


def shown(text: str, length: int = 80) -> str:
    """`text` made fit for one line of an error: control characters escaped, long text cut."""
    clean = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return clean if len(clean) <= length else clean[: length - 1] + "…"


def _revive(kind: type[YtterbyError], state: dict[str, Any]) -> YtterbyError:
    error = kind.__new__(kind)
    error.args = (state.get("cause", ""),)
    error.__dict__.update(state)
    return error
