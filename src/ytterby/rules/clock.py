"""Home to the statutory clock: 45 working days from acceptance, as Chinese offices work them.

The clock starts when MOFCOM accepts an application, not when it is filed: the provincial office checks it first, and
nothing bounds that. Source: Regulations on Export Control of Dual-Use Items (State Council Order 792), Art. 17.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ytterby.rules.calendar import add_working_days, is_working_day, provisional

REVIEW_WORKING_DAYS = 45
"""Order 792, Art. 17(1). Longer where the State Council or the Central Military Commission is asked; not bounded for
end users on the watch list."""


@dataclass(frozen=True)
class Clock:
    """One count of working days."""

    accepted: date
    working_days: int
    due: date
    """The last of the working days."""
    provisional: str
    """Why the day may still move; empty where every year it touches is published."""

    @property
    def calendar_days(self) -> int:
        """Days from acceptance to the last one."""
        return (self.due - self.accepted).days

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "accepted": self.accepted.isoformat(),
            "working_days": self.working_days,
            "due": self.due.isoformat(),
            "calendar_days": self.calendar_days,
            "provisional": self.provisional or None,
        }


def statutory(accepted: date, working_days: int = REVIEW_WORKING_DAYS) -> Clock:
    """When the statutory review of an application accepted on a day ends; that day itself is day 0.

    >>> statutory(date(2025, 4, 7)).due
    datetime.date(2025, 6, 12)

    Raises:
        BadValue: a negative count of days.
    """
    due = add_working_days(accepted, working_days)
    return Clock(accepted, working_days, due, provisional(accepted) or provisional(due))


def days_off(start: date, end: date) -> list[date]:
    """Weekdays on which offices are closed, from one day to another: what makes the count longer than nine weeks."""
    count = (end - start).days
    days = (start + timedelta(days=number) for number in range(count + 1))
    return [day for day in days if day.weekday() < 5 and not is_working_day(day)]


def make_up_days(start: date, end: date) -> list[date]:
    """Weekend days on which offices work, from one day to another."""
    count = (end - start).days
    days = (start + timedelta(days=number) for number in range(count + 1))
    return [day for day in days if day.weekday() >= 5 and is_working_day(day)]
