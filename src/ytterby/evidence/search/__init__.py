"""Home to search: exact terms always found, in two languages and three scripts, with the sentence that answers."""

from __future__ import annotations

from ytterby.evidence.search.entries import Entry, Hit, of_claims, of_document
from ytterby.evidence.search.index import clear, due, missing, put, put_document, replace, supersede
from ytterby.evidence.search.looking import search

__all__ = [
    "Entry",
    "Hit",
    "clear",
    "due",
    "missing",
    "of_claims",
    "of_document",
    "put",
    "put_document",
    "replace",
    "search",
    "supersede",
]
