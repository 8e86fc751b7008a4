"""Home to checks of names: of things, places, parties and events, and of what an event must name."""

from __future__ import annotations

from functools import lru_cache

from ytterby.custody.epcis.hashes import HASHED
from ytterby.custody.epcis.sense.contract import CLASSES, INSTANCES, Seen, check
from ytterby.custody.epcis.vocabulary import SCHEMES, namespace

MOVES = frozenset(("shipping", "receiving", "arriving", "departing", "accepting", "storing", "commissioning"))
BIRTHS = frozenset(("commissioning", "creating_class_instance"))
DEATHS = frozenset(("decommissioning", "destroying", "killing"))
_OWN = ("cbv:", "gs1:", "https://ref.gs1.org/", "https://gs1.org/voc/", "https://www.gs1.org/voc/")


@check("identifier", "refuse", "an `urn:epc:` that is malformed, or a key on `id.gs1.org` whose check digit is wrong")
def malformed(seen: Seen) -> str:
    """A GS1 key that is none."""
    for _, uri, made in seen.named:
        if made.fault:
            return f"{uri}: {made.fault}"
    return ""


@check("level", "doubt", "a class or a lot stands among instances, or an instance among classes")
def level(seen: Seen) -> str:
    """Single things and lots mixed up."""
    for name, uri, made in seen.named:
        if made.level == "instance":
            if name in CLASSES:
                return f"{uri} in {name} is one thing, not a class"
        elif made.level in ("lot", "class") and name in INSTANCES:
            return f"{uri} in {name} is a {made.level}, not one thing"
    return ""


@check("lotless", "doubt", "a quantity names a class without a lot: it cannot be traced")
def lotless(seen: Seen) -> str:
    """A class of things is not a lot of them."""
    for name, uri, made in seen.named:
        if made.level == "class" and name in CLASSES:
            return f"{uri} in {name} names no lot"
    return ""


@check("prefix", "doubt", "the name of an extension has a prefix nobody declared")
def unprefixed(seen: Seen) -> str:
    """A name whose namespace is unknown."""
    for key in seen.form:
        if key[:1] == "{" and (found := undeclared(key)):
            return found
    return ""


@lru_cache(maxsize=1024)
def undeclared(key: str) -> str:
    """What is wrong with the prefix of a name in canonical form; empty where nothing is."""
    space, local = namespace(key)
    if not space or ":" in space or space in SCHEMES:
        return ""
    return f"'{space}:' in '{space}:{local}' is declared in no context"


@check("itself", "refuse", "an error declaration names its own event as the correction", wrong=True)
def itself(seen: Seen) -> str:
    """An error that is its own remedy."""
    wrong = seen.event.mistake
    return f"{seen.event.id} is to correct itself" if wrong is not None and seen.event.id in wrong.corrections else ""


@check("forged", "doubt", "`eventID` is an event hash and not that of this event")
def forged(seen: Seen) -> str:
    """An event that was changed after it was named."""
    given = seen.form.get("eventID")
    if given is None or not HASHED.fullmatch(given) or given == seen.hashed:
        return ""
    return f"eventID is {given}, what the event says has {seen.hashed}"


@check(
    "parent",
    "refuse",
    "things are packed or unpacked (ADD, DELETE) and no parent is named; or it is its own child",
    ("aggregation", "association"),
)
def parentless(seen: Seen) -> str:
    """A packing without a pack."""
    event = seen.event
    parents = [piece.lot for piece in event.pieces if piece.role == "parent"]
    if not parents:
        return f"{event.action} names no parent" if event.action != "OBSERVE" else ""
    if any(piece.role == "child" and piece.lot == parents[0] for piece in event.pieces):
        return f"{parents[0]} is its own parent"
    return ""


@check("place", "doubt", "it moves, stores or makes things and names no place")
def nowhere(seen: Seen) -> str:
    """A movement without a place."""
    event = seen.event
    if event.place or event.step not in MOVES:
        return ""
    return f"{event.step} names neither a read point nor a location"


@check(
    "action",
    "doubt",
    "the action does not fit the step: commissioning is ADD, decommissioning and destroying DELETE",
    ("object",),
)
def action(seen: Seen) -> str:
    """A birth that adds nothing, a death that takes nothing."""
    event = seen.event
    if event.step in BIRTHS and event.action != "ADD":
        return f"{event.step} with action {event.action}"
    if event.step in DEATHS and event.action != "DELETE":
        return f"{event.step} with action {event.action}"
    return ""


@check("ilmd", "doubt", "it has master data of new things and brings none into being")
def unborn(seen: Seen) -> str:
    """Master data of a lot that is not new."""
    event = seen.event
    told = "ilmd" in seen.form and event.kind == "object" and event.action != "ADD"
    return f"ilmd in an event with action {event.action}" if told else ""


@check("word", "doubt", "a word of the standard's vocabularies that is not in them")
def unknown_word(seen: Seen) -> str:
    """A word nobody defined."""
    for word in (seen.event.step, seen.event.disposition):
        if ":" in word and word.startswith(_OWN):
            return f"{word} is no word of the vocabulary"
    for element in seen.form.get("sensorElementList", ()):
        for report in element["sensorReport"]:
            kind = report.get("type", "")
            if not kind or (":" in kind and kind.startswith(_OWN)):
                return f"{kind} is no measurement" if kind else "a sensor report says not what it measures"
    return ""


CHECKS = (malformed, level, lotless, unprefixed, itself, forged, parentless, nowhere, action, unborn, unknown_word)
