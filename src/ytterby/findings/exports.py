"""Home to exports of magnets: what the run says by month beside what the customs printed, and the hindcast."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from ytterby.evidence.claims import Claim
from ytterby.figures import Caption, fan
from ytterby.findings import wording
from ytterby.findings.ground import Floats, Ground, both, fan_rows, points
from ytterby.report import Section, Table

SHOWN_EVENTS = ("review_speed", "throughput", "general_licence", "requisition", "refuse_destination", "tech_control")
MOST_EVENTS = 6
ALSO = (("2026-JanFeb", ("2026-01", "2026-02")),)
"""Months that the customs print together only."""


def magnets(ground: Ground, place: str = "WLD") -> Floats:
    """Magnets that left China for a place, t (period, draw)."""
    labels = [label.split("|") for label in ground.run.labels("exports")]
    rows = [k for k, (to, what) in enumerate(labels) if what.startswith("magnet.") and place in ("WLD", to)]
    return np.asarray(ground.series("exports")[rows].sum(axis=0))


def printed(ground: Ground, period: str, place: str = "WLD") -> tuple[float, list[Claim]] | None:
    """What the customs printed for a period, t, summed from its months where need be; None where a month is missing."""
    whole = ground.claim(f"trade:export:CN:{place}:magnets:{period}")
    if whole is not None and whole.value is not None:
        return float(whole.value), [whole]
    parts = [ground.claim(f"trade:export:CN:{place}:magnets:{m}") for m in _months(period)]
    if len(parts) < 2 or any(p is None or p.value is None for p in parts):
        return None
    found = [p for p in parts if p is not None]
    return float(sum(p.value or 0.0 for p in found)), found


def section(ground: Ground) -> Section:
    """The fan of exports."""
    values = magnets(ground)
    seen_rows, used = observed(ground)
    said = _title(ground, values, seen_rows)
    per = ground.run.info["freq"]
    caption = Caption(
        said,
        f"t a {per} · magnets from China to the world · {wording.count(ground.run.draws)} draws",
        ground.cite(used),
        note=_drawn_note(ground),
        bare=ground.bare,
    )
    drawn = both(
        lambda width: fan(
            fan_rows(ground.periods, values),
            caption,
            observed=seen_rows,
            events=events(ground),
            references=references(ground, ground.periods),
            width=width,
        )
    )
    seen = {str(o["period"]): float(o["value"]) for o in seen_rows}
    rows = []
    for k, period in enumerate(ground.periods):
        at = points(values[k])
        rows.append((period, at["p05"], at["median"], at["p95"], seen.get(period)))
    return Section(
        said,
        _lead(ground),
        *drawn,
        Table((per.capitalize(), "5 %, t", "Median, t", "95 %, t", "Observed, t"), rows),
        (ground.by_itself, *ground.cite(used)),
        anchor="exports",
    )


def title(ground: Ground) -> str:
    """The finding in a sentence, without its full stop."""
    return _title(ground, magnets(ground), observed(ground)[0])


def _title(ground: Ground, values: Floats, observed: list[dict[str, Any]]) -> str:
    medians = [points(row)["median"] for row in values]
    per = ground.run.info["freq"]
    if ground.controls is None or len(medians) < 2:
        return f"Magnet exports: {wording.amount(medians[-1])} t in {wording.period(ground.periods[-1])}"
    after = [k for k, p in enumerate(ground.periods) if _last_month(p) >= f"{ground.controls:%Y-%m}"]
    if not after:
        return f"Magnet exports before the licences: {wording.amount(float(np.mean(medians)))} t a {per}"
    low = min(after, key=lambda k: medians[k])
    before = [m for k, m in enumerate(medians) if k < after[0]]
    if not before:
        return f"Magnet exports are lowest in {wording.period(ground.periods[low])}: {wording.amount(medians[low])} t"
    drop = 1.0 - medians[low] / float(np.mean(before))
    seen = next((float(o["value"]) for o in observed if o["period"] == ground.periods[low]), None)
    told = f"; the customs printed {wording.amount(seen)} t" if seen is not None else ""
    if drop <= 0:
        return f"Magnet exports do not fall: at least {wording.amount(medians[low])} t a {per}"
    return (
        f"Magnet exports fall by {wording.percent(drop)} to {wording.amount(medians[low])} t in "
        f"{wording.period(ground.periods[low])}{told}"
    )


def _lead(ground: Ground) -> str:
    about = ground.run.info.get("fit_about")
    if not about:
        return "No fit stands behind these draws: the licensing parameters are the scenario's own spreads."
    return (
        "The licensing was fitted on what was known up to "
        f"{_day(str(about['until'])[:10])} and "
        "on nothing later; open points came after. This run knows what has happened since, but no later figure was "
        "fitted. The fall is counted from the mean before the licences."
    )


def _drawn_note(ground: Ground) -> str:
    return "Bands hold the draws of the run, without what the model leaves unexplained in a single month."


def observed(ground: Ground) -> tuple[list[dict[str, Any]], list[Claim]]:
    """What the customs printed, as rows of a fan, and the claims they are."""
    about = ground.run.info.get("fit_about") or {}
    fitted = {o["name"] for o in about.get("observations", ())} if _own_fit(ground) else set()
    rows, used = [], []
    for period in ground.periods:
        found = printed(ground, period)
        if found is None:
            continue
        row: dict[str, Any] = {"period": period, "value": found[0], "assumed": any(c.assumed for c in found[1])}
        if about:
            row["fitted"] = (
                all(c.parameter in fitted for c in found[1]) if fitted else period <= str(about["until"])[:7]
            )
        rows.append(row)
        used += found[1]
    return rows, used


def _own_fit(ground: Ground) -> bool:
    return bool((ground.run.info.get("fit_about") or {}).get("observations"))


def events(ground: Ground) -> list[dict[str, Any]]:
    """What happened, one line a day, the licences first; ``event`` is the scenario's own record of it."""
    found: dict[str, dict[str, Any]] = {}
    if ground.controls:
        found[ground.controls.isoformat()] = {"label": "Licences", "event": None}
    for event in sorted(
        ground.plan["events"], key=lambda e: SHOWN_EVENTS.index(e["kind"]) if e["kind"] in SHOWN_EVENTS else 99
    ):
        day = date.fromisoformat(event["date"])
        if event["kind"] in SHOWN_EVENTS and ground.start <= day <= ground.end and len(found) < MOST_EVENTS:
            found.setdefault(event["date"], {"label": _event(event), "event": event})
    return [{"date": day, **told} for day, told in sorted(found.items())]


def _event(event: dict[str, Any]) -> str:
    """An event's name as a label, without the region that several of one day differ in."""
    words = str(event["name"]).removesuffix(f"-{str(event['region']).lower()}").replace("-", " ")
    return words[:1].upper() + words[1:]


def references(ground: Ground, periods: tuple[str, ...]) -> list[dict[str, Any]]:
    """The two forecasters who only look back, for the months after the fit."""
    about = ground.run.info.get("fit_about")
    if not about or ground.run.info["freq"] != "month":
        return []
    until = str(about["until"])[:7]
    last = printed(ground, until)
    later = [p for p in periods if p > until]
    year = [{"period": p, "value": v[0]} for p in later if (v := printed(ground, f"{int(p[:4]) - 1}{p[4:]}"))]
    month = [{"period": p, "value": last[0]} for p in later] if last else []
    named = (("naive: same month last year", year), (f"naive: {wording.period(until)} goes on", month))
    return [{"name": name, "rows": rows} for name, rows in named if rows]


def _months(period: str) -> list[str]:
    if "-Q" in period:
        year, quarter = period.split("-Q")
        return [f"{year}-{m:02d}" for m in range(3 * int(quarter) - 2, 3 * int(quarter) + 1)]
    return [f"{period}-{m:02d}" for m in range(1, 13)] if len(period) == 4 else [period]


def _last_month(period: str) -> str:
    return _months(period)[-1]


# the hindcast


def tested(ground: Ground) -> Section | None:
    """What a run made as known on the day of the fit said of later months, and how that scores."""
    made = ground.hindcast
    if made is None or ground.hindcast_run is None:
        return None
    until = str((ground.hindcast_run.info.get("fit_about") or {}).get("until", ""))
    limit = str((ground.plan.get("fit") or {}).get("predict_until", "9999-99"))
    world = [r for r in made.rows if r["destination"] == "WLD"]
    shown = [r for r in made.rows if r["phase"] == "predicted" and r["period"] <= limit]
    said = _verdict(made.scores, until)
    used = [c for r in made.rows if (c := ground.claim(f"trade:export:CN:{r['destination']}:magnets:{r['period']}"))]
    months = tuple(str(r["period"]) for r in world if r["period"] <= limit)
    caption = Caption(
        said,
        f"t a month · magnets from China to the world, as known on {_day(until)} · "
        f"{wording.count(ground.hindcast_run.draws)} draws",
        ground.cite(used),
        note="Bands hold the draws and what the model left unexplained in the fitted months.",
        bare=ground.bare,
    )
    rows = [{k: r[k] for k in ("period", "p05", "median", "p95")} for r in world if r["period"] <= limit]
    observed = [
        {"period": r["period"], "value": r["observed"], "fitted": r["phase"] == "fitted"}
        for r in world
        if r["observed"] is not None and r["period"] <= limit
    ]
    known = [e for e in events(ground) if str(e["date"]) <= until]
    drawn = both(
        lambda width: fan(
            rows, caption, observed=observed, events=known, references=references(ground, months), width=width
        )
    )
    table = [_line(r) for r in shown if r["destination"] == "WLD" or r["observed"] is not None]
    head = ("Month", "To", "5 %, t", "Median, t", "95 %, t", "Observed, t", "Error", "In band", "Last year, t")
    return Section(
        said,
        f"The run behind this knows the world, the rules and the news of {_day(until)} and nothing "
        f"later. Months to {wording.period(until[:7])} were "
        f"fitted, the others were not. {scored(made.scores, world)}",
        *drawn,
        Table(head, table, "Every predicted month; destinations where the customs' figure is kept"),
        (f"computed: run {ground.hindcast_run.id}", *ground.cite(used)),
        anchor="hindcast",
        note="EU27 is all members. January and February 2026 were printed as one figure, so neither is scored.",
    )


def _day(iso: str) -> str:
    return wording.day(date.fromisoformat(iso)) if iso else "an unknown day"


def _line(r: dict[str, Any]) -> tuple[str | float | None, ...]:
    error = r["error"]
    return (
        str(r["period"]),
        {"EU": "EU27", "WLD": "World"}.get(r["destination"], wording.short_place(r["destination"])),
        r["p05"],
        r["median"],
        r["p95"],
        r["observed"],
        None if error is None else f"{'+' if error > 0 else ''}{wording.percent(error)}",
        None if r["inside"] is None else "yes" if r["inside"] else "no",
        r["last_year"],
    )


def _verdict(scores: dict[str, Any], until: str) -> str:
    own = scores.get("ytterby")
    if own is None or own.months == 0:
        return f"As known on {_day(until)}: no later month has been observed yet"
    held = round(own.coverage * own.months)
    return (
        f"As known on {_day(until)}, the median misses the later months by {wording.percent(own.error)}; "
        f"{held} of {own.months} fall into the 90\u00a0% band"
    )


def scored(scores: dict[str, Any], world: list[dict[str, Any]], *, short: bool = False) -> str:
    """The scores beside those of the two naive forecasters, each on the months it speaks of."""
    own = scores.get("ytterby")
    if own is None or own.months == 0:
        return "No score yet."
    words = [
        f"Ytterby: error {wording.percent(own.error)}, bias {wording.percent(own.bias)}, "
        f"CRPS {wording.amount(own.crps)} t over {own.months} months."
    ]
    if short:
        words = [
            f"As known on the day of the fit, the median misses {own.months} later months by "
            f"{wording.percent(own.error)}, {round(own.coverage * own.months)} of them inside the 90\u00a0% band."
        ]
    for name, key in (("last year", "last_year"), ("last month", "last_month")):
        naive = scores.get(name)
        if naive is None or naive.months == 0:
            continue
        both = [r for r in world if r["phase"] == "predicted" and r["error"] is not None and r[key] is not None]
        mine = wording.percent(float(np.mean([abs(r["error"]) for r in both])))
        error, months = wording.percent(naive.error), naive.months
        if short:
            words.append(f"To repeat {name} misses {months} by {error} (Ytterby, the same {months}: {mine}).")
        else:
            words.append(
                f"Naive ({name}): error {error}, CRPS {wording.amount(naive.crps)} t over {months}; on the same months "
                f"Ytterby's error is {mine}."
            )
    return " ".join(words)
