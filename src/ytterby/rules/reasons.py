"""Home to reasons: why a clause decides or does not, what is missing, what to know besides; each a key and its figures.

`ENGLISH` has the words of the machine interface; `desk.reasoned` has the Chinese of each key. Figures called ``text``,
``why``, ``of``, ``who`` and ``title`` are free English of the clauses. Days are ISO text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ytterby.terms.line import Figure, Line, worded

FREE = frozenset({"text", "why", "of", "who", "title"})
"""Figures that are free English, which no other language need say."""


class Reason(Line):
    """One reason, refusal or note of the law."""

    __slots__ = ()

    def __str__(self) -> str:
        return worded(self, ENGLISH)


def reason(key: str, /, **figures: Figure | date) -> Reason:
    """A reason by its key.

    >>> str(reason("starts", day=date(2025, 4, 4)))
    'starts on 2025-04-04'
    """
    return Reason(key, tuple((name, str(one) if isinstance(one, date) else one) for name, one in figures.items()))


def besides(parts: Sequence[Reason]) -> Reason:
    """Several reasons as one, in their order."""
    first, *rest = parts
    for one in rest:
        first = reason("besides", first=first, more=one)
    return first


def either(kinds: Sequence[str]) -> Reason:
    """Kinds of licence of which one is enough."""
    first, *rest = (reason("kind", kind=(name,)) for name in kinds)
    for one in rest:
        first = reason("either", first=first, more=one)
    return first


ENGLISH: Mapping[str, str] = {
    # put together
    "besides": "{first}; {more}",
    "either": "{first} or {more}",
    "kind": "{kind}",
    "of_clause": "{clause}: {told}",
    "explained": "{told} {why}",
    # the way
    "about_goods": "is about goods",
    "about_technology": "is about technology",
    "about_service": "is about technical services",
    "about_person": "is about help by persons",
    "no_help": "is no help from {home} to others",
    "no_border": "does not cross a border",
    "not_from": "does not leave {home}",
    "not_to": "does not go to {places}",
    "not_between": "is not between two other countries",
    "not_origin": "is not of {home} origin",
    "not_chinese": "is not of Chinese origin",
    "not_by_technology": "was not made abroad with technology of {home}",
    "not_by_chinese_technology": "was not made with Chinese technology",
    "not_made_outside": "was not made outside {home}",
    "not_us_defence": "is not bought for the US Department of Defense",
    "no_stage": "no stage in {home}",
    # the goods
    "on_no_list": "is on no list in force",
    "no_goods": "names no goods of its own",
    "codes_only": "lists the codes {codes} only",
    "other_form": "does not list the form '{form}'",
    "none_inside": "lists {names}, and none of it is in the item",
    "lists_none": "lists none of its elements",
    "not_item": "does not list the item",
    "listed_itself": "is listed itself",
    "share_below": "{of}: below {at:g}",
    "share_from": "{of}: {at:g} or more",
    "share_none_or_from": "{of}: none, or {at:g} and more",
    "chinese_share_below": "Chinese value share below {at:g}",
    # the ends and the parties
    "these_ends": "is about these ends: {ends}",
    "particular_ends": "is about particular ends: {ends}",
    "other_ends": "is about {end} ends",
    "shelf": "is about items that are commercial off-the-shelf",
    "no_shelf": "is about items that are not commercial off-the-shelf",
    "about_parties": "is about {who}",
    "named_parties": "is about named parties",
    "no_party": "names no party of this transfer ({lists})",
    "on_list": "{fact} '{name}' stands on {list} as {party}",
    "on_list_graded": "{fact} '{name}' stands on {list} as {party} (confidence {grade})",
    "on_list_noted": "{fact} '{name}' stands on {list} as {party} (confidence {grade}: {why})",
    "held_by": "the end user is held by {owners} of {list}",
    "owner": "'{name}' ({share:.4g})",
    # whether it is in force
    "unknown_before": "not known before {day}",
    "not_so": "not so under {reading}",
    "starts": "starts on {day}",
    "ended": "has ended",
    "suspended": "suspended from {since} by {by}.",
    "suspended_to": "suspended from {since} to {until} by {by}.",
    "suspended_until": "suspended until {until} by {by}, read as {reading}",
    "in_force": "in force since {since}.",
    "stands": "in force since {since}",
    # why it does not decide
    "lifted": "lifted by {clauses}",
    "stops_nothing": "stops nothing: {title}",
    "met_perhaps": "is met; whether a stricter clause overrides it hangs on what is missing",
    "overridden": "overridden by a stricter clause",
    "no_shipment": "is no rule on a shipment ({trigger}); {told}",
    "hangs_on": "hangs on {facts}",
    "hangs_on_share": "hangs on how much of it is in the item",
    "disputed": "disputed: {why}",
    # what is missing
    "decides_one": "decides whether {clauses} bites",
    "decides": "decides whether {clauses} bite",
    "decides_more": "decides whether {clauses} and {n} more bite",
    "text_decides": "decides whether {clause} bites",
    "nobody_named": "nobody was named, so nobody was screened against the lists of parties",
    "nothing_before": "no rule on shipments is encoded here before {day}",
    "nothing_known": "no rule on shipments was known here on {day}",
    # notes
    "tested": "formally free; the declaration says so, and the lot may be held for a test",
    "buyer_forbids": "the buyer's own government forbids it, whatever the seller's says",
    "report_within": "report within {n} working days of the export",
    "dispute": "disputed: {text}",
    "threshold_doubt": "{of}: {text}",
    "doubt": "{text}",
    "kept_off": "{clause} is kept off by one thing: {told}",
    "met_presumed_denial": "applications meet a presumption of denial",
    "met_case_by_case": "applications meet case by case",
    "met_strict_review": "applications meet strict review",
    "unbound": "no working days bind the review",
    "review_within": "review within {n} working days of acceptance",
    "owners_untold": "who holds the end user was not told; listed holders of {share:.0%} count",
    "partial": "not all names are here of {lists}: a party that was not found may be on them",
    "partial_list": "{list} ({n} of {size})",
    "partial_list_open": "{list} ({n} of an unknown number)",
    "turns": "from {day} the answer is: {outcome}",
    "turns_by": "from {day} the answer is: {outcome} ({clauses})",
    "resembles": "'{name}' resembles {party} on {list} ({told}): ytterby screen \"{name}\"",
    # screening
    "is_listed": "is the listed name '{name}'",
    "but_for_form": "is '{name}' but for the legal form",
    "like": "is like '{name}'",
    "short_for": "could be short for '{name}'",
    "long_for": "'{name}' is short for it",
    "elsewhere": "{told}, which is in {there}, not in {here}",
    "scored": "{told} ({score:.0%})",
    "decided": "{reviewer} decided so on {day}: {because}",
    # licences
    "other_exporter": "{licence} names another exporter",
    "other_end_user": "{licence} names another end user",
    "other_goods": "{licence} is about other goods",
    "goods_beyond": "{licence} is about other goods ({beyond} not named)",
    "other_kind": "{licence} is of kind {kind}, and the law takes {taken} here",
    "no_standing": "{licence} is {standing} on {day}",
    "other_freight": "{licence} is for freight by {granted}, not {sent}",
    "no_quantity": "{licence} has {left} kg left of {granted}",
    "no_such_licence": "no licence '{licence}' is held",
    "no_licence": "no licence is held",
    "law_refuses": "the law refuses it",
    "ask_check": "facts are missing: ask check",
    "goes": "{outcome}, goes",
    "stays": "{outcome}, does not go",
}
"""What the law says, in English."""
