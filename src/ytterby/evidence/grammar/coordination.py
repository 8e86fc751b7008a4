"""Home to coordination: heads and figures listed side by side (分别为, respectively)."""

from __future__ import annotations

from collections.abc import Sequence

from ytterby.evidence.grammar.quantities import Quantity
from ytterby.evidence.grammar.sentences import Span


def coordinated(text: str, sentence: Span, found: Sequence[Quantity]) -> list[tuple[Span, Quantity]]:
    """Each head of a list with its figure, where a sentence lists both in the same order; else nothing."""
    return []
