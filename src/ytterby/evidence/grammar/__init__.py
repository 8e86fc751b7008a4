"""Home to the grammar of Chinese and English figures: sentences, quantities, times, bases and lists of them.

Every function takes folded text (`ytterby.terms.text.fold`) and gives offsets in it, which are offsets of the original.
"""

from __future__ import annotations

from ytterby.evidence.grammar.bases import Base, bases
from ytterby.evidence.grammar.coordination import coordinated
from ytterby.evidence.grammar.dates import Time, times
from ytterby.evidence.grammar.quantities import Quantity, quantities
from ytterby.evidence.grammar.sentences import Span, clauses, sentences

__all__ = ["Base", "Quantity", "Span", "Time", "bases", "clauses", "coordinated", "quantities", "sentences", "times"]
