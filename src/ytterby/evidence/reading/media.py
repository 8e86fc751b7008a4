"""Home to media types: what some bytes are, by their first bytes, then by what was declared, then by the name."""

from __future__ import annotations

import re

HTML, PDF, MARKDOWN, PLAIN, FEED = "text/html", "application/pdf", "text/markdown", "text/plain", "application/xml"

_TAGS = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|article|section|p|table|h1|span)\b", re.IGNORECASE
)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)
_BEFORE = rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
_WHOLE = re.compile(_BEFORE + rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_OPENS = re.compile(_BEFORE + rb"<", re.DOTALL)
_HTML_NAMES = (".html", ".htm", ".xhtml", ".shtml")
_MARKDOWN_NAMES = (".md", ".markdown", ".mdown")


def media_of(content: bytes, *, path: str = "", declared: str = "") -> str:
    """One of the media types above.

    >>> media_of(b"%PDF-1.7 ..."), media_of(b"<!doctype html><p>x"), media_of(b"# Magnets", path="notes.md")
    ('application/pdf', 'text/html', 'text/markdown')
    """
    start = content[:2048].replace(b"\0", b"")
    if b"%PDF-" in content[:1024]:
        return PDF
    opened = start.lstrip(b"\xef\xbb\xbf\xff\xfe")
    if _OPENS.match(opened) and _FEED.search(start) and not _WHOLE.match(opened):
        return FEED
    kind = declared.split(";")[0].strip().lower()
    name = path.lower().split("?")[0].split("#")[0]
    says_html = kind in (HTML, "application/xhtml+xml") or name.endswith(_HTML_NAMES)
    if _WHOLE.match(opened) or (says_html and _TAGS.search(content[:65536])):
        return HTML
    if name.endswith(_MARKDOWN_NAMES) or kind == MARKDOWN:
        return MARKDOWN
    return PLAIN
