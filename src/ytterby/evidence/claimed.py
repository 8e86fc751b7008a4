"""Home to what a document claims, ready to be kept: extracted, graded by its publisher, named, and doubted."""

from __future__ import annotations

from ytterby.evidence import offices
from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import Document
from ytterby.evidence.extract import EXTRACTOR, extract
from ytterby.evidence.model import Model, extract_with
from ytterby.evidence.naming import named
from ytterby.evidence.publishers import graded

MAKER = EXTRACTOR
"""Name and version of the rules; a document read by others is read again."""


def claimed(document: Document, model: Model | None = None) -> list[Claim]:
    """The claims of a document, in the order of their words; see `extract`, `publishers`, `naming` and `offices`.

    With a language model, what it finds beyond the rules is added: its claims passed the same checks, and where both
    read one figure in one place the rules' claim stands.
    """
    read = extract(document)
    if model is not None:
        told, _ = extract_with(model, document)
        taken = [(claim.start, claim.end, claim.value) for claim in read]
        read += [claim for claim in told if not any(_same(claim, *one) for one in taken)]
    found = named(graded(sorted(read, key=lambda claim: (claim.start or 0, claim.end or 0))))
    doubts = offices.check(document) if found else []
    if not doubts:
        return found
    return [
        claim.model_copy(update={"flags": (*claim.flags, *flags)})
        if (flags := offices.flags_for(claim, doubts))
        else claim
        for claim in found
    ]


def _same(claim: Claim, start: int | None, end: int | None, value: float | None) -> bool:
    meets = (claim.start or 0) < (end or 0) and (start or 0) < (claim.end or 0)
    return meets and claim.value == value
