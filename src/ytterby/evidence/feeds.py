"""Home to feeds: RSS and Atom as lists of entries, however long or broken they come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from importlib import import_module
from typing import Any

from ytterby.evidence.addresses import is_address, joined
from ytterby.terms.errors import InputError

MOST_ENTRIES = 200
"""Entries taken of one feed, its further pages included; later ones are left for the next visit."""
MOST_PAGES = 5
MOST_BYTES = 4 * 2**20

_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)
_ENOUGH = 200
"""Characters of an entry's own text that make it worth reading where its page cannot be had."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article a feed names."""

    address: str
    title: str = ""
    date: str = ""
    """ISO day; empty = not told."""
    words: str = ""
    """HTML the feed itself carries of it."""

    @property
    def page(self) -> bytes:
        """What the feed carries as a page; empty where it is a teaser only."""
        if len(re.sub(r"<[^>]*>", "", self.words)) < _ENOUGH:
            return b""
        dated = f'<meta property="article:published_time" content="{self.date}">' if self.date else ""
        head = f'<meta charset="utf-8"><title>{escape(self.title)}</title>{dated}'
        return f"<!doctype html><html><head>{head}</head><body><article>{self.words}</article></body></html>".encode()


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed's bytes hold."""

    title: str
    entries: tuple[Entry, ...]
    onward: str = ""
    """Address of the feed's next page."""


def is_feed(content: bytes) -> bool:
    """Whether bytes begin as RSS or Atom do."""
    start = content[:2048].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<") and _FEED.search(start) is not None and b"<html" not in start.lower()


def parse(content: bytes, *, place: str) -> Feed:
    """The entries of a feed, 200 at most; entries without a web address are left out.

    Raises:
        InputError: there is no entry in it.
    """
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        feedparser = import_module("feedparser")
        try:
            found = feedparser.parse(content[:MOST_BYTES], resolve_relative_uris=False, sanitize_html=True)
        except Exception as error:
            raise _empty(place) from error
    entries: dict[str, Entry] = {}
    for one in found.get("entries", [])[: 2 * MOST_ENTRIES]:
        entry = _entry(one, place)
        if entry and entry.address not in entries and len(entries) < MOST_ENTRIES:
            entries[entry.address] = entry
    if not entries:
        raise _empty(place)
    channel = found.get("feed", {})
    onward = next((link.get("href", "") for link in channel.get("links", []) if link.get("rel") == "next"), "")
    return Feed(str(channel.get("title", "")), tuple(entries.values()), joined(place, onward) if onward else "")


def _entry(one: dict[str, Any], place: str) -> Entry | None:
    link = str(one.get("link") or "")
    if not link and is_address(str(one.get("id") or "")):
        link = str(one["id"])
    if not link:
        return None
    address = joined(place, link) if is_address(place) else link
    if not address.startswith(("http://", "https://")):
        return None
    moment = one.get("published_parsed") or one.get("updated_parsed")
    date = ""
    if moment:
        year, month, day = tuple(moment)[:3]
        date = f"{year:04}-{month:02}-{day:02}"
    content = one.get("content")
    words = str(content[0].get("value", "")) if isinstance(content, list) and content else ""
    summary = str(one.get("summary") or "")
    return Entry(address, str(one.get("title") or ""), date, max(words, summary, key=len))


def _empty(place: str) -> InputError:
    return InputError(
        "the feed names no article", place=place, remedy="open it in a browser, and check that it is RSS or Atom"
    )
