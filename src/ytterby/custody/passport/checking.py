"""Home to the check of a passport by whoever has nothing but it: no project, no network.

Looked at are the digest, the head it names, the proof of every event, and, where the events are in it, every figure:
they are read again and the passport is drawn again from them. What the registry says (which country a place is in) is
the issuer's word; that it is unchanged only the digest shows, so have the digest from the issuer (the QR carries it).
"""

from __future__ import annotations

import datetime
import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ytterby.custody.balance import ground
from ytterby.custody.book import Book, chunk
from ytterby.custody.ledger import heads, merkle
from ytterby.custody.ledger.rows import again
from ytterby.custody.passport.making import FORM, canonical, digest, digest_of_rules
from ytterby.custody.passport.told import Asked, told
from ytterby.custody.registry import Registry
from ytterby.rules import verdicts
from ytterby.rules.judging import Law
from ytterby.terms.errors import BadValue, YtterbyError

SECTIONS = ("item", "origins", "path", "models", "regimes")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    check: str
    passed: bool | None
    """None: it could not be looked at, and `what` says why."""
    what: str


@dataclass(frozen=True)
class Checked:
    """What came of it."""

    lot: str
    digest: str
    checks: tuple[Check, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing that was looked at failed."""
        return all(one.passed is not False for one in self.checks)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, as ``ytterby passport verify --json`` prints them."""
        return {
            "sound": self.sound,
            "lot": self.lot,
            "digest": self.digest,
            "checks": [{"check": one.check, "passed": one.passed, "what": one.what} for one in self.checks],
        }


def check(
    document: Mapping[str, Any],
    head: Mapping[str, Any] | None = None,
    *,
    expected: str = "",
    held: Law | None = None,
) -> Checked:
    """Checks a passport.

    Args:
        document: the passport, as read from JSON.
        head: a head of the ledger as it was published.
        expected: the digest as the issuer gave it.
        held: the law; the package's own as known then, without it.

    Raises:
        BadValue: this is no passport.
    """
    if document.get("form") != FORM:
        raise BadValue("this is no passport of a lot", place="form", remedy=f"give a file whose form is '{FORM}'")
    found = [*_digest(document, expected)]
    try:
        found += [*_head(document, head), *_proofs(document), *_figures(document, held)]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError, RecursionError) as error:
        found.append(
            Check("form", passed=False, what=f"it is not made as a passport is: {type(error).__name__} {error}")
        )
    except YtterbyError as error:
        found.append(Check("figures", passed=False, what=f"they cannot be drawn again: {error.cause}"))
    return Checked(str(document.get("lot", "")), str(document.get("digest", "")), tuple(found))


def _digest(document: Mapping[str, Any], expected: str) -> Iterator[Check]:
    own = digest(document)
    right = own == document.get("digest")
    yield Check("digest", right, "it is the digest of what the passport says" if right else
                "the passport does not say what it said when its digest was made")  # fmt: skip
    if expected:
        right = own == expected.strip().lower().removeprefix("sha256:")
        yield Check("issuer", right, "it is the digest the issuer gave" if right else
                    "it is not the digest that the issuer gave")  # fmt: skip
    else:
        yield Check("issuer", passed=None, what="no digest of the issuer was given to hold it against")


def _head(document: Mapping[str, Any], head: Mapping[str, Any] | None) -> Iterator[Check]:
    own = heads.read(document["evidence"]["head"], "the passport's head")
    if head is None:
        yield Check("head", passed=None, what=f"no published head was given; the passport names {own[2].hex()}")
        return
    given = heads.read(head)
    if given == own:
        yield Check("head", passed=True, what=f"the published head of {own[1]:,} events")
    elif given[0] == own[0] and given[1] != own[1]:
        what = f"it is a head of {given[1]:,} events, the passport's has {own[1]:,}: ask for the one it names"
        yield Check("head", passed=None, what=what)
    else:
        yield Check("head", passed=False, what="it is not the head that the passport names")


def _proofs(document: Mapping[str, Any]) -> Iterator[Check]:
    evidence = document["evidence"]
    _, size, root, _ = heads.read(evidence["head"], "the passport's head")
    nodes = [bytes.fromhex(one) for one in evidence["nodes"]]
    wrong = []
    for one in evidence["events"]:
        entry = bytes.fromhex(one["digest"])
        path = [nodes[at] for at in one["proof"]]
        body = one.get("body")
        if body is not None and hashlib.sha256(body.encode("utf-8", "surrogatepass")).digest() != entry:
            wrong.append(f"event {one['index']} is not the one that was proven")
        elif not merkle.included(entry, one["index"], size, path, root):
            wrong.append(f"event {one['index']} is not under the head")
    many = len(evidence["events"])
    yield Check("proofs", not wrong and many > 0, "; ".join(wrong[:5]) or (
        f"{many:,} events are under the head" if many else "there is no event in it"))  # fmt: skip


def _figures(document: Mapping[str, Any], held: Law | None) -> Iterator[Check]:
    events = document["evidence"]["events"]
    if not events or any("body" not in one for one in events):
        yield Check(
            "figures",
            passed=None,
            what="names are withheld, so the events are not in it: only the digest covers figures",
        )
        return
    rules = document["rules"]
    law = held or verdicts.law(datetime.date.fromisoformat(rules["known"]))
    drawn = again_told(document, law)
    same_rules = digest_of_rules(law) == rules["digest"]
    wrong = [name for name in SECTIONS if canonical(drawn[name]) != canonical(document[name])]
    if not same_rules and wrong == ["regimes"]:
        yield Check("figures", passed=True, what="drawn again from the events, all but the regimes")
        yield Check(
            "regimes", passed=None, what="the rules here are not those it was made under: make it again to compare"
        )
        return
    if document.get("accounts"):
        what = "mass balance rests on the maker's other business, which is not in it: the issuer's word"
        yield Check("accounts", passed=None, what=what)
    yield Check("figures", not wrong, f"not what the events say: {', '.join(wrong)}" if wrong else
                "drawn again from the events, they are the same")  # fmt: skip


def again_told(document: Mapping[str, Any], held: Law) -> dict[str, Any]:
    """What a passport tells, drawn again from the events and the registry in it."""
    rules, every = document["rules"], document["evidence"]["events"]
    registry = Registry.model_validate(document["registry"])
    with tempfile.TemporaryDirectory(prefix="ytterby-passport-") as folder:
        book = Book.open(Path(folder) / "book", write=True)
        try:
            every = sorted(every, key=lambda one: int(one["index"]))
            book.add(chunk([again(one["body"].encode("utf-8", "surrogatepass"), one["event"]) for one in every]), 0)
            at = ground(book, registry)
            day = datetime.date.fromisoformat(document["on"])
            asked = Asked(document["lot"], day, tuple(rules["readings"]), tuple(int(one["index"]) for one in every))
            return told(at, held, asked)
        finally:
            book.close(settle=False)
