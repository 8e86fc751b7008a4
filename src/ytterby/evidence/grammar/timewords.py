"""Home to the words of time."""

from __future__ import annotations


def spans(text: str) -> list[tuple[int, int]]:
    """Spans of the times of a text."""
    return []
