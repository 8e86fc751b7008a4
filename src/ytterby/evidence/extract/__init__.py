"""Home to extraction: from a document's passages to typed claims, each with the exact words it was read from.

A family: `kinds` has one file per kind of claim and a table of precedence; what they share (the sentence taken apart,
who acts, what is traded, when, in which mood) is computed once per sentence. Rules only: the same text gives the same
claims on every machine.
"""

from __future__ import annotations

from ytterby.evidence.extract.reading import EXTRACTOR, extract

__all__ = ["EXTRACTOR", "extract"]
