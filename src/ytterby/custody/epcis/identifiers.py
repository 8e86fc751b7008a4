"""Home to the addresses of things: GS1 keys in EPC URNs and digital links, one spelling for each, and what is wrong.

``urn:epc:class:lgtin:4012345.012345.998877`` and ``https://id.gs1.org/01/04012345123456/10/998877`` are one lot, so
both become the canonical digital link, without which a lot would part in two where a firm changes its spelling. An
address that is no GS1 key stays as it is.

Source: GS1 EPC Tag Data Standard 2.0 (URN forms), GS1 Digital Link URI Syntax 1.2 (canonical form), GS1 General
Specifications section 7.9.1 (check digit), CBV 2.0 section 8.9 (which keys count).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

Level: TypeAlias = Literal["instance", "lot", "class", "place", "party", "document", "other"]

DOMAIN = "https://id.gs1.org/"


class Identifier(NamedTuple):
    """An address, understood."""

    address: str
    """Its one spelling."""
    level: Level
    fault: str = ""
    """What is wrong with it: a URN that is none, a key whose check digit fails; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class _Scheme:
    """How one kind of URN is laid out."""

    key: str
    digits: int
    """Of company prefix and reference together; 0 = the reference is free text."""
    level: Level
    lead: bool = False
    """The first digit of the reference goes before the prefix (GTIN, SSCC)."""
    zero: bool = False
    serial: str = ""
    """What stands before the serial number in a link; ``+`` = it follows without a slash; empty = it has none."""
    longest: int = 0


_SCHEMES: Mapping[str, _Scheme] = MappingProxyType(
    {
        "id:sgtin": _Scheme("01", 13, "instance", lead=True, serial="/21/", longest=20),
        "id:upui": _Scheme("01", 13, "instance", lead=True, serial="/235/", longest=28),
        "class:lgtin": _Scheme("01", 13, "lot", lead=True, serial="/10/", longest=20),
        "idpat:sgtin": _Scheme("01", 13, "class", lead=True, serial="*"),
        "idpat:upui": _Scheme("01", 13, "class", lead=True, serial="*"),
        "id:sscc": _Scheme("00", 17, "instance", lead=True),
        "id:sgln": _Scheme("414", 12, "place", serial="/254/", longest=20),
        "id:pgln": _Scheme("417", 12, "party"),
        "id:grai": _Scheme("8003", 12, "instance", zero=True, serial="+", longest=16),
        "idpat:grai": _Scheme("8003", 12, "class", zero=True, serial="*"),
        "id:gdti": _Scheme("253", 12, "document", serial="+", longest=17),
        "idpat:gdti": _Scheme("253", 12, "class", serial="*"),
        "id:sgcn": _Scheme("255", 12, "instance", serial="+", longest=12),
        "idpat:sgcn": _Scheme("255", 12, "class", serial="*"),
        "id:gsrn": _Scheme("8018", 17, "party"),
        "id:gsrnp": _Scheme("8017", 17, "party"),
        "id:gsin": _Scheme("402", 16, "document"),
        "id:giai": _Scheme("8004", 0, "instance"),
        "id:ginc": _Scheme("401", 0, "document"),
        "id:cpi": _Scheme("8010", 0, "instance", serial="/8011/", longest=12),
        "idpat:cpi": _Scheme("8010", 0, "class", serial="*"),
    }
)
_CHARACTERS = re.compile(r"(?:%[0-9A-Fa-f]{2}|[!')(*+,.0-9:;=A-Za-z_-])+")
_QUOTED = str.maketrans({sign: f"%{ord(sign):02X}" for sign in "!()*+,:"})
_NAMES = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "gln": "414", "party": "417", "gsrnp": "8017", "gsrn": "8018",
    "gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402", "grai": "8003", "giai": "8004",
    "lot": "10", "ser": "21", "cpv": "22",
}  # fmt: skip
_LINK = re.compile(
    r"https?://[^/?#]+(?:/[^?#]*?)??/(01|gtin|8006|itip|8010|cpid|414|gln|417|party|8017|gsrnp|8018|gsrn|255|gcn|00|sscc"
    r"|253|gdti|401|ginc|402|gsin|8003|grai|8004|giai)/([^/?#]+)((?:/[^/?#]+/[^/?#]+)*)/?(?:[?#].*)?"
)
_LENGTHS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {"01": (8, 12, 13, 14), "00": (18,), "414": (13,), "417": (13,), "8017": (18,), "8018": (18,), "402": (17,)}
)
_LEADING: Mapping[str, int] = MappingProxyType({"253": 13, "255": 13, "8003": 14, "8006": 18})
_LEVELS: Mapping[str, Level] = MappingProxyType(
    {
        "00": "instance", "8003": "instance", "8004": "instance", "255": "instance", "8006": "class", "01": "class",
        "8010": "class", "414": "place", "417": "party", "8017": "party", "8018": "party",
        "253": "document", "401": "document", "402": "document",
    }
)  # fmt: skip
_FINEST: Mapping[str, Level] = MappingProxyType({"/10/": "lot", "/21/": "instance"})
_KEPT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"01": ("21", "10", "235"), "8006": ("21", "10"), "414": ("254",), "8010": ("8011",)}
)
"""Qualifiers that belong to a key, the finest first: only that one is kept."""


def check_digit(digits: str) -> str:
    """The check digit of a GS1 key without it.

    >>> check_digit("0401234512345"), check_digit("061414107346")
    ('6', '7')
    """
    total = sum(map(int, digits[::-2])) * 3 + sum(map(int, digits[-2::-2]))
    return str(-total % 10)


@lru_cache(maxsize=16384)
def identifier(uri: str) -> Identifier:
    """What an address stands for; never raises."""
    if uri.startswith("urn:epc:"):
        return _of_urn(uri)
    if uri.startswith(("https://", "http://")):
        return _of_link(uri)
    return Identifier(uri, "other")


def address(uri: str) -> str:
    """The one spelling of an address: what lots, places and parties are looked up by.

    >>> address("urn:epc:class:lgtin:4012345.012345.998877")
    'https://id.gs1.org/01/04012345123456/10/998877'
    >>> address("https://maker.example/lots/7")
    'https://maker.example/lots/7'
    """
    return identifier(uri).address


class _Stem(NamedTuple):
    """What all lots of one product, or all things of one kind, have in common."""

    text: str
    level: Level
    longest: int


@lru_cache(maxsize=4096)
def _stem(head: str) -> _Stem | None:
    """What a URN says up to the point before its serial number, where that alone is to follow."""
    scheme = _SCHEMES.get(head[8:].rpartition(":")[0])
    if not head.startswith("urn:epc:") or head.count(".") != 1:
        return None
    if scheme is None or scheme.longest == 0 or not scheme.digits or scheme.serial == "/254/":
        return None
    made = _of_any_urn(f"{head}.0")
    return None if made.fault else _Stem(made.address[:-1], made.level, scheme.longest)


def of_known(uri: str) -> tuple[str, Level]:
    """(address, level) of what has no fault, quickly where things of its kind were seen before.

    Lots come in millions and few of them twice in short order, so that what is remembered is their product alone.

    Raises:
        ValueError: it has a fault, which `identifier` tells.
    """
    head, _, serial = uri.rpartition(".")
    stem = _stem(head)
    if stem is not None and serial.isalnum() and serial.isascii() and len(serial) <= stem.longest:
        return stem.text + serial, stem.level
    made = identifier(uri)
    if made.fault:
        raise ValueError(made.fault)
    return made.address, made.level


def _of_urn(uri: str) -> Identifier:
    head, _, serial = uri.rpartition(".")
    if serial.isalnum() and serial.isascii():
        stem = _stem(head)
        if stem is not None and len(serial) <= stem.longest:
            return Identifier(stem.text + serial, stem.level)
    return _of_any_urn(uri)


def _of_any_urn(uri: str) -> Identifier:
    kind, _, rest = uri[8:].partition(":")
    name, _, rest = rest.partition(":")
    if (kind, name) in (("id", "itip"), ("idpat", "itip")):
        return _itip(uri, rest, pattern=kind == "idpat")
    scheme = _SCHEMES.get(f"{kind}:{name}")
    if scheme is None:
        # bic, imovn, usdod, adi, gid ...: real EPC schemes that carry no GS1 key
        return Identifier(uri, "other")
    parts = rest.split(".", 2) if scheme.digits else rest.split(".", 1)
    prefix, reference = (parts[0], parts[1]) if len(parts) > 1 else (parts[0], "")
    serial = parts[2] if len(parts) > 2 else None
    if not scheme.digits and scheme.serial:
        reference, dot, last = reference.rpartition(".")
        serial = last if dot else None
    if not (prefix.isascii() and prefix.isdigit() and 6 <= len(prefix) <= 12):
        return _bad(uri, "its company prefix is not 6 to 12 digits")
    if (serial is None) != (not scheme.serial):
        return _bad(uri, "it has no serial number" if scheme.serial else "it has a serial number too many")
    if serial is not None and (fault := _serial_fault(serial, scheme)):
        return _bad(uri, fault)
    if not scheme.digits:
        if not reference or not _CHARACTERS.fullmatch(reference) or len(reference) > 30 - len(prefix):
            return _bad(uri, "its reference is empty, too long or has signs that may not stand there")
        key = prefix + reference.translate(_QUOTED)
    elif len(prefix) + len(reference) != scheme.digits or not (reference + "0").isdigit() or not reference.isascii():
        return _bad(uri, f"prefix and reference have {len(prefix) + len(reference)} signs, not {scheme.digits} digits")
    else:
        body = reference[:1] + prefix + reference[1:] if scheme.lead else "0" * scheme.zero + prefix + reference
        key = body + check_digit(body)
    return Identifier(f"{DOMAIN}{scheme.key}/{key}{_tail(serial, scheme)}", scheme.level)


def _tail(serial: str | None, scheme: _Scheme) -> str:
    if serial is None or scheme.serial == "*" or (scheme.serial == "/254/" and serial == "0"):
        return ""
    return ("" if scheme.serial == "+" else scheme.serial) + serial.translate(_QUOTED)


def _serial_fault(serial: str, scheme: _Scheme) -> str:
    if scheme.serial == "*":
        return "" if serial == "*" else "a pattern must end in .*"
    if not _CHARACTERS.fullmatch(serial):
        return "its serial number is empty or has signs that may not stand there"
    length = len(re.sub("%..", "x", serial)) if "%" in serial else len(serial)
    return f"its serial number has {length} signs, more than {scheme.longest}" if length > scheme.longest else ""


def _itip(uri: str, rest: str, *, pattern: bool) -> Identifier:
    parts = rest.split(".", 4)
    if (
        len(parts) != 5
        or len(parts[0]) + len(parts[1]) != 13
        or not all(p.isascii() and p.isdigit() for p in parts[:4])
    ):
        return _bad(uri, "it is not prefix.item.piece.total.serial")
    body = parts[1][:1] + parts[0] + parts[1][1:]
    key = f"{DOMAIN}8006/{body}{check_digit(body)}{parts[2]}{parts[3]}"
    return Identifier(key, "class") if pattern else Identifier(f"{key}/21/{parts[4].translate(_QUOTED)}", "instance")


@lru_cache(maxsize=4096)
def _keyed(key: str) -> bool:
    return key.isascii() and key.isdigit() and check_digit(key[:-1]) == key[-1]


def _of_link(uri: str) -> Identifier:
    # the canonical link of a lot or a thing of fourteen digits is its own address
    if uri[:22] == "https://id.gs1.org/01/" and uri[36:40] in _FINEST and uri[40:].isalnum() and _keyed(uri[22:36]):
        return Identifier(uri, _FINEST[uri[36:40]])
    return _of_any_link(uri)


def _of_any_link(uri: str) -> Identifier:
    found = _LINK.fullmatch(uri)
    if found is None:
        return Identifier(uri, "other")
    key, value, rest = _NAMES.get(found.group(1), found.group(1)), found.group(2), found.group(3)
    fault = _key_fault(key, value)
    if fault and not uri.startswith(("https://id.gs1.org/", "http://id.gs1.org/")):
        # anyone's address may have /01/ in it: only the standard's own domain promises a key there
        return Identifier(uri, "other")
    if fault:
        return _bad(uri, fault)
    if key == "01":
        value = value.zfill(14)
    level = _LEVELS[key]
    steps = rest.split("/")[1:]
    qualifiers = {_NAMES.get(name, name): text for name, text in zip(steps[::2], steps[1::2], strict=True)}
    for name in _KEPT.get(key, ()):
        if name in qualifiers and not (name == "254" and qualifiers[name] == "0"):
            level = "lot" if name == "10" else "place" if name == "254" else "instance"
            return Identifier(f"{DOMAIN}{key}/{value}/{name}/{qualifiers[name].translate(_QUOTED)}", level)
    if key in _LEADING and len(value) == _LEADING[key] and key != "8006":
        level = "class"
    return Identifier(f"{DOMAIN}{key}/{value.translate(_QUOTED)}", level)


def _key_fault(key: str, value: str) -> str:
    lengths = _LENGTHS.get(key)
    if lengths is None and (lead := _LEADING.get(key)):
        # after the digits a serial number may follow
        value, lengths = (value[:14] if key == "8006" else value[:lead]), (14 if key == "8006" else lead,)
    if lengths is None:
        return "" if value[:4].isdigit() and len(value) <= 90 else f"key {key} does not begin with digits"
    if len(value) not in lengths or not (value.isascii() and value.isdigit()):
        return f"key {key} has {len(value)} signs, not {' or '.join(map(str, lengths))} digits"
    if check_digit(value[:-1]) != value[-1]:
        return f"its check digit is {value[-1]}, it should be {check_digit(value[:-1])}"
    return ""


def _bad(uri: str, fault: str) -> Identifier:
    return Identifier(uri, "other", fault)
