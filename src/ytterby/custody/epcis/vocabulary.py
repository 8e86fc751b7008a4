"""Home to the words of events: the standard's vocabularies, our own extension, and how both are spelled.

A word of the Core Business Vocabulary may be written bare (``shipping``), as a compact URI (``cbv:BizStep-shipping``),
as a web URI or as the URN of EPCIS 1.2; `bare` makes one of them all. A name outside the standard is written with a
prefix or as an absolute URI; `named` makes ``{namespace}name`` of both, which is also what XML calls it.

Source: GS1 CBV 2.0 (ISO/IEC 19988:2024), section 7; the namespaces of EPCIS 2.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from ytterby.custody.epcis.schema import schema

YTT = "https://ytterby.org/epcis/"
"""Namespace of our extension."""

STANDARD: Mapping[str, str] = MappingProxyType(
    {
        "epcis": "https://ref.gs1.org/epcis/",
        "cbv": "https://ref.gs1.org/cbv/",
        "gs1": "https://gs1.org/voc/",
        "cbvmda": "urn:epcglobal:cbv:mda:",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "dcterms": "http://purl.org/dc/terms/",
        "ytt": YTT,
    }
)
"""Prefixes that need no declaration: those of the standard's own context, and ours."""

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"

_FULL = re.compile(
    r"urn:epcglobal:cbv:(bizstep|disp|btt|sdt|er):(\w+)"
    r"|(?:https?://(?:www\.)?(?:ref\.)?gs1\.org/cbv/|cbv:)(Biz[Ss]tep|Disp|BTT|SDT|ER|Comp)-(\w+)"
    r"|(?:https?://(?:www\.)?(?:ref\.)?gs1\.org/voc/|gs1:)()(\w+)"
)
_DEFINED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "bizstep": ("bizStep",), "disp": ("disposition",), "btt": ("transactionType",), "sdt": ("partyType",),
        "er": ("errorReason",), "comp": ("component",), "": ("measurement", "alert"),
    }
)  # fmt: skip
"""Family of the vocabulary -> the definitions of our schema that list its words."""
_PREFIX = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_SPACE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-\[\]_a-z~]*")
SCHEMES = frozenset(("http", "https", "urn", "ni", "geo", "tag", "did", "doi", "oid"))
"""What stands before the first colon of a name that is an absolute URI."""


@lru_cache(maxsize=4096)
def bare(word: str) -> str:
    """The bare word of a full one; a word of another vocabulary as it is.

    >>> bare("urn:epcglobal:cbv:bizstep:shipping"), bare("cbv:Disp-in_transit"), bare("https://a.example/step/roasting")
    ('shipping', 'in_transit', 'https://a.example/step/roasting')
    """
    found = _FULL.fullmatch(word)
    if found is None:
        return word
    family, local = next((family, local) for family, local in _pairs(found.groups()) if local)
    return local if local in words(family.lower()) else word


def _pairs(groups: tuple[str | None, ...]) -> Iterator[tuple[str, str | None]]:
    return ((groups[place] or "", groups[place + 1]) for place in range(0, len(groups), 2))


@cache
def words(family: str) -> frozenset[str]:
    """The bare words of a family of the vocabulary, as in its URNs; ``""`` = of measurements."""
    defined = schema()["$defs"]
    return frozenset(
        word for name in _DEFINED[family] for choice in defined[name]["anyOf"] for word in choice.get("enum", ())
    )


def trimmed(namespace: str) -> str:
    """A namespace as both JSON-LD and XML mean it: one writes ``.../epcis/``, the other ``.../epcis``."""
    return namespace.rstrip("/:") if namespace[-1:] in "/:" else namespace


def named(name: str, prefixes: Mapping[str, str]) -> str:
    """``{namespace}local`` of a name with a prefix or of an absolute URI; a prefix nobody declared stands for itself.

    >>> named("ytt:process", STANDARD), named("https://ytterby.org/epcis/process", STANDARD)
    ('{https://ytterby.org/epcis}process', '{https://ytterby.org/epcis}process')
    """
    if name[:1] == "{":
        return name if _settled(name) else f"{{}}{name}"
    prefix, colon, local = name.partition(":")
    if not colon:
        return name
    space = prefixes.get(prefix) or STANDARD.get(prefix)
    if space is not None and not local.startswith("//"):
        return f"{{{trimmed(space)}}}{local}"
    if prefix not in SCHEMES:
        return f"{{{prefix}}}{local}" if _PREFIX.fullmatch(prefix) else f"{{}}{name}"
    cut = max(name.rfind("/"), name.rfind("#"), name.rfind(":")) + 1
    space, local = name[:cut], name[cut:]
    return f"{{{trimmed(space)}}}{local}" if local and declarable(space) else f"{{}}{name}"


def _settled(name: str) -> bool:
    space, parted, local = name[1:].partition("}")
    return bool(parted and local) and (not space or declarable(space) or _PREFIX.fullmatch(space) is not None)


def declarable(space: str) -> bool:
    """Whether a text can be a namespace: an absolute URI of plain signs."""
    return _SPACE.fullmatch(space) is not None


def namespace(clark: str) -> tuple[str, str]:
    """(namespace, local) of ``{namespace}local``; a bare name has the namespace ``""``."""
    if clark[:1] != "{":
        return "", clark
    space, _, local = clark[1:].partition("}")
    return space, local


def told(space: str) -> str:
    """A trimmed namespace as JSON-LD needs it: with the sign that parts it from the name."""
    if space[-1:] in "#/:?=":
        return space
    return space + (":" if space.startswith("urn:") else "/")


def ours(name: str) -> str:
    """``{namespace}name`` of a name of our extension."""
    return f"{{{trimmed(YTT)}}}{name}"
