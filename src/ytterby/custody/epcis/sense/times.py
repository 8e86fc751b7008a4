"""Home to checks of time."""

from __future__ import annotations

from ytterby.custody.epcis.canonical import instant, moment
from ytterby.custody.epcis.sense.contract import Seen, check

SKEW = 15 * 60 * 1_000_000
"""Microseconds a clock may be ahead of ours."""
EARLIEST = instant("1990-01-01T00:00:00Z")


@check("future", "refuse", "it happened more than 15 minutes from now: clocks differ by less")
def future(seen: Seen) -> str:
    """An event that has not happened yet."""
    ahead = seen.event.time - seen.now
    return f"it happened at {moment(seen.event.time)}, {ahead // 60_000_000} minutes from now" if ahead > SKEW else ""


@check("ancient", "refuse", "it happened before 1990")
def ancient(seen: Seen) -> str:
    """An event of a clock that was never set."""
    return f"it happened at {moment(seen.event.time)}" if seen.event.time < EARLIEST else ""


@check("recorded", "refuse", "it was recorded (`recordTime`) more than 15 minutes before it happened")
def recorded(seen: Seen) -> str:
    """An event known before it happened."""
    told = seen.raw.get("recordTime")
    if told is None:
        return ""
    try:
        early = seen.event.time - instant(told)
    except (ValueError, OverflowError):
        return f"'{told}' is no time"
    return f"recorded at {told}, it happened at {moment(seen.event.time)}" if early > SKEW else ""


@check("offset", "doubt", "`eventTime` has another offset than `eventTimeZoneOffset`")
def offset(seen: Seen) -> str:
    """Two offsets that do not agree; ``Z`` agrees with all."""
    written = seen.raw["eventTime"]
    if written[-1] == "Z" or written[-6:] == seen.form["eventTimeZoneOffset"] or written[-5:] == "00:00":
        return ""
    return f"eventTime has {written[-6:]}, eventTimeZoneOffset is {seen.form['eventTimeZoneOffset']}"


@check("declared", "doubt", "it is declared wrong before it happened", wrong=True)
def declared(seen: Seen) -> str:
    """An error declaration that is older than its event."""
    wrong = seen.event.mistake
    if wrong is None or wrong.time >= seen.event.time - SKEW:
        return ""
    return f"declared wrong at {moment(wrong.time)}, it happened at {moment(seen.event.time)}"


CHECKS = (future, ancient, recorded, offset, declared)
