"""Home to documents made for the tests of extraction: plain text as one paragraph each, without the reading room."""

from __future__ import annotations

import hashlib

from ytterby.evidence.documents import Document, Lang, Part, Passage


def document(text: str, *, date: str = "2025-10-20", title: str = "", lang: str = "") -> Document:
    """A document whose paragraphs are the lines of `text`."""
    told: Lang = "zh" if any(char > "\u2e80" for char in text) else "en"
    passages, at = [], 0
    for line in text.split("\n"):
        if line:
            passages.append(Passage(len(passages) + 1, at, at + len(line)))
        at += len(line) + 1
    part = Part(1, 0, len(text), title, "A newspaper", "", date, False, told)
    return Document(
        id=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        text=text,
        passages=tuple(passages),
        parts=(part,),
        path="made.txt",
        title=title,
        date=date,
        lang=told,
    )
