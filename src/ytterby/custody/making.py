"""Home to records made in number: the same frozen records, made five times faster.

A frozen dataclass sets each field by a call that goes round its own refusal to be changed. Its twin has the same slots
and is not frozen; what the twin makes turns into the frozen class once all is set.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, field, fields, make_dataclass
from typing import Any, TypeVar, cast

Record = TypeVar("Record")


def quickly(cls: Callable[..., Record]) -> Callable[..., Record]:
    """What makes records of a frozen dataclass with slots, by the same arguments, with the same defaults.

    The class must do nothing of its own when one is made (no ``__post_init__``, no default factories).
    """
    named: Any = cls
    assert not hasattr(cls, "__post_init__")
    told: list[Any] = [
        (one.name, Any) if one.default is MISSING else (one.name, Any, field(default=one.default))
        for one in fields(named)
    ]

    def become(made: Any) -> None:
        made.__class__ = cls

    twin = make_dataclass(named.__name__, told, slots=True, namespace={"__post_init__": become})
    return cast("Callable[..., Record]", twin)
