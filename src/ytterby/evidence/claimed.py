"""Home to what a document claims, ready to be kept: extracted, graded by its publisher, named, and doubted."""

from __future__ import annotations

from ytterby.evidence import offices
from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import Document
from ytterby.evidence.extract import EXTRACTOR, extract
from ytterby.evidence.naming import named
from ytterby.evidence.publishers import graded

MAKER = EXTRACTOR
"""Name and version of the rules; a document read by others is read again."""


def claimed(document: Document) -> list[Claim]:
    """The claims of a document, in the order of their words; see `extract`, `publishers`, `naming` and `offices`."""
    found = named(graded(extract(document)))
    doubts = offices.check(document) if found else []
    if not doubts:
        return found
    return [
        claim.model_copy(update={"flags": (*claim.flags, *flags)})
        if (flags := offices.flags_for(claim, doubts))
        else claim
        for claim in found
    ]
