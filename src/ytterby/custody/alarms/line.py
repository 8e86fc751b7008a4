"""Home to what detectors say: each line a key and its figures, put into words in one place, whatever the language.

`ENGLISH` has the words of the machine interface. A page in another language has a mapping of its own with the same
keys; numbers are written as the words ask for it. A figure may be a line itself: what stands in a line is said first.
"""

from __future__ import annotations

from collections.abc import Mapping

from ytterby.terms import line as lines
from ytterby.terms.line import Figure as Figure


class Line(lines.Line):
    """One thing that is said."""

    __slots__ = ()

    def __str__(self) -> str:
        return said(self, ENGLISH)


def line(key: str, /, **figures: Figure) -> Line:
    """A line by its key."""
    return Line(key, tuple(figures.items()))


def said(one: lines.Line, words: Mapping[str, str], joint: str = ", ") -> str:
    """A line in words; names in a row are joined by `joint`, and those that `words` has are said by it.

    >>> said(line("missing_in", kg=1234.5, months=("2026-01", "2026-02")), ENGLISH)
    '1,234.5 kg missing, in 2026-01, 2026-02'
    """
    return lines.worded(one, words, joint, lambda _, name: words.get(name, name))


ENGLISH: Mapping[str, str] = {
    # of several
    "headed": "{head}: {told}",
    "more_with": "{first}; {n} more with it",
    "more_so": "{first}; {n} more so",
    "nobody": "nobody named",
    # stocks and lots
    "missing_in": "{kg:,.1f} kg missing, in {months}",
    "missing_steadily": "{kg:,.1f} kg missing, steadily over {n} months",
    "more_in": "{kg:,.1f} kg more than the books say, in {months}",
    "more_steadily": "{kg:,.1f} kg more than the books say, steadily over {n} months",
    "unexplained": "{month}: {kg:+,.2f} kg unexplained, 90 % {low:,.2f} to {high:,.2f}",
    "declared": "{day}: {kg:,.2f} kg of {what} were declared to lie there, the books say {booked:,.2f} kg",
    "unreceived": "{kg:,.3f} kg of the lot were sent here and never received on paper",
    "overdrawn": "{kg:,.3f} kg more of the lot left or were used than came ({came:,.3f} kg)",
    "of_lot": "lot {lot}: {told}",
    "lots_on": "{n} lots, {kg:,.1f} kg in all, from {since}; first {first}",
    "lots_until": "{n} lots, {kg:,.1f} kg in all, from {since} until {until}; first {first}",
    # needs
    "needs": "{kg:,.1f} kg came in {n} months; it says it can use {need:,.1f} kg a month",
    "need_month": "{month}: {kg:,.1f} kg, {share:.0%} of the need",
    "held_before": "{kg:,.1f} kg lay there before",
    "each_takes": "each product takes {usual:,.3f} g until {day}, {now:,.3f} g since",
    "each_change": "change {share:+.2%}, {kg:,.1f} kg in all, over {n} weeks",
    # yields
    "yield_rose": "more comes out than did: {usual:.2%} until {day}, {now:.2%} since",
    "yield_fell": "less comes out than did: {usual:.2%} until {day}, {now:.2%} since",
    "yield_summed": "{n} batches; the sum of deviations passed its limit with batch {at}",
    "yield_change": "change {share:+.2%} of the output, {kg:,.1f} kg in all",
    "range": "{about}: {share:.2%} comes out; {least:.2%} to {most:.2%} is declared",
    "range_batches": "{n} batches from {day}: {came:,.1f} kg in, {made:,.1f} kg out",
    # on the way
    "receipts": "receipts weigh {share:+.2%} against what was sent since {day}",
    "receipts_lots": "{n} lots from {senders} senders; {kg:,.1f} kg in all",
    "receipts_before": "before: {share:+.3%}",
    "on_day": "{day}: {told}",
    "unsent": "lot {lot} was received, and no shipment of it was recorded by who sent it",
    "astray": "lot {lot} was sent to {names} and received here",
    "order": "lot {lot} was received {days:,.1f} days before it was sent",
    "speed": "lot {lot} went {km:,.0f} km in {hours:,.1f} hours",
    "two_places": "{lot} was at {there} {hours:,.1f} hours before, {km:,.0f} km away",
    "late": "event of {day} was recorded after one of {later}",
    # sources
    "sourceless": "{n} lots of {what}, {kg:,.1f} kg, came into being without inputs",
    "born": "{day}: lot {lot}, {kg:,.2f} kg",
    "scrap": "{kg:,.1f} kg of scrap in {n} months; {most:,.1f} kg a month can arise",
    "scrap_month": "{month}: {kg:,.1f} kg, {share:.0%}",
    "lot": "lot {lot}",
    # users, parcels, lists
    "went_on": "{kg:,.1f} kg licensed for {who} went on to {whom}",
    "went_on_to": "{kg:,.1f} kg licensed for {who} went on to {whom} in {place}",
    "parcels": "{n} parcels under {threshold:g} kg to {whom} make {kg:,.1f} kg",
    "parcels_many": "{n} parcels under {threshold:g} kg to {receivers} receivers make {kg:,.1f} kg",
    "parcels_all": "{kg:,.1f} kg in parcels to {receivers} receivers without a licence; first {first}",
    "kg_on": "{kg:,.2f} kg on {day}",
    "listed": "{kg:,.1f} kg went to {whom}: {told}",
    "shipments_from": "{n} shipments from {day}",
    "on_list": "{name} is on {list} as {entry}",
    "owner_on_list": "{path}: {root} is on {list}",
    # licences
    "unlicensed_one": "one shipment to {whom}, {kg:,.1f} kg, without a licence that {clauses} asks for",
    "unlicensed": "{n:,} shipments to {whom}, {kg:,.1f} kg, without a licence that {clauses} asks for",
    "unlicensed_on": "{day}: {kg:,.2f} kg, {what}, {clauses}",
    "unlicensed_though": "{day}: {kg:,.2f} kg, {what}, {clauses}; {licence} would cover it",
    "on_licence_one": "one shipment, {kg:,.1f} kg, on licence {licence}: {told}",
    "on_licence": "{n:,} shipments, {kg:,.1f} kg, on licence {licence}: {told}",
    "on_licence_on": "{day}: {kg:,.2f} kg, {told}",
    "licence_exporter": "it names another exporter",
    "licence_end_user": "it names another end user",
    "licence_goods": "it is about other goods",
    "licence_beyond": "it is about other goods ({beyond} not named)",
    "licence_kind": "it is of kind {kind}, and the law takes {taken} here",
    "licence_standing": "it is {standing} on {day}",
    "licence_freight": "it is for freight by {granted}, not {sent}",
    "licence_quantity": "it has {left} kg left of {granted} kg",
    "licence_unknown": "no such licence is held",
    "licence_none": "no licence is held",
    # doubts of records
    "doubts_one": "one event is doubtful: {asks}",
    "doubts": "{n:,} events are doubtful: {asks}",
    "doubt_on": "{day}: event {event}",
    "doubt_other": "{check}",
    "doubt_offset": "its time has another offset than it tells",
    "doubt_declared": "it is declared wrong before it happened",
    "doubt_level": "a class or a lot stands among single things, or a single thing among lots",
    "doubt_lotless": "an amount names a class without a lot",
    "doubt_prefix": "a name has a prefix nobody declared",
    "doubt_forged": "its id is the hash of another event",
    "doubt_place": "it names no place",
    "doubt_action": "its action does not fit its step",
    "doubt_ilmd": "it describes new things and brings none into being",
    "doubt_word": "a word the vocabulary does not have",
    "doubt_parted": "one lot stands twice in one list",
    "doubt_open": "more comes out than went in, as far as this event of several tells",
    "doubt_loop": "a lot goes in and comes out of one transformation",
    "doubt_unit": "a unit that is none of mass",
    "doubt_fine": "an amount finer than a microgram",
    "doubt_heading": "the document's heading is not as it should be",
    "doubt_named": "it was given two ids",
}
"""What a detector says, in English."""
