"""Home to alerts: what moved, the sentence that moved it, the brief and the runs, as a record and as a page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ytterby.evidence import naming
from ytterby.evidence.claims import Claim
from ytterby.evidence.weigh import Moved
from ytterby.watch.outcomes import Change

SEVERAL = (
    "Several claims changed at once; they stand in order of how far their parameter moved. What each of them did alone "
    "was not computed."
)


def alert(
    *,
    workflow: str,
    title: str,
    changes: Sequence[Change],
    moved: Sequence[Moved],
    fresh: Sequence[Claim],
    documents: Sequence[Mapping[str, Any]],
    runs: Mapping[str, str],
    notes: Iterable[str] = (),
    at: str,
) -> dict[str, Any]:
    """An alert as plain JSON values.

    Args:
        workflow: its id.
        title: its title.
        changes: the outcomes, those that went past their threshold first.
        moved: the parameters that moved, largest relative change first.
        fresh: the claims accepted since the run before.
        documents: what was read since: id, title, date, publisher, brief.
        runs: ids of the run ``before`` and the run ``after``.
        notes: what a reader must know beside it.
        at: the moment, ISO.
    """
    blamed = responsible(fresh, moved)
    several = [SEVERAL] if len(blamed) > 1 and changes else []
    said = {
        "workflow": workflow,
        "title": title,
        "at": at,
        "headline": _headline(changes, blamed, documents),
        "outcomes": [change.to_dict() for change in sorted(changes, key=lambda one: not one.exceeded)],
        "claims": blamed,
        "documents": [dict(one) for one in documents],
        "runs": dict(runs),
        "notes": [*notes, *several],
    }
    return {"id": identity(workflow, runs, [str(one["id"]) for one in documents]), **said}


def identity(workflow: str, runs: Mapping[str, str], documents: Iterable[str]) -> str:
    """Sixteen hex digits: an alert for the same runs and documents of one workflow is the same alert."""
    said = "|".join((workflow, *(f"{key}={runs[key]}" for key in sorted(runs)), *sorted(documents)))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def responsible(fresh: Iterable[Claim], moved: Sequence[Moved]) -> list[dict[str, Any]]:
    """The fresh claims whose parameter moved or that speak of licences, the one whose parameter moved most first."""
    by_claim: dict[str, Moved] = {}
    for one in moved:
        for name in one.claims:
            by_claim.setdefault(name, one)
    found = []
    for claim in fresh:
        parameter = by_claim.get(claim.id)
        if parameter is not None:
            found.append((_size(claim, parameter), claim, parameter))
    return [_told(claim, parameter) for _, claim, parameter in sorted(found, key=lambda one: (one[0], one[1].id))]


def _size(claim: Claim, parameter: Moved) -> tuple[int, float]:
    # A parameter nobody had stated before has no relative change: it is told first where the licensing reads it.
    if parameter.change is None:
        return (0 if claim.parameter.startswith("licence:") else 2, -(claim.start or 0))
    return (1, -abs(parameter.change))


def _told(claim: Claim, parameter: Moved) -> dict[str, Any]:
    return {
        "id": claim.id,
        "quote": claim.quote,
        "document": claim.document,
        "passage": claim.passage,
        "start": claim.start,
        "end": claim.end,
        "path": claim.path,
        "publisher": claim.source.publisher,
        "kind": claim.kind,
        "value": claim.value,
        "unit": claim.unit,
        "confidence": claim.confidence,
        "parameter": claim.parameter or naming.parameter_of(claim),
        "before": parameter.before,
        "after": parameter.after,
        "parameter_unit": parameter.unit,
        "change": parameter.change,
        "reviewer": claim.reviewer,
    }


def _headline(
    changes: Sequence[Change], blamed: Sequence[Mapping[str, Any]], documents: Sequence[Mapping[str, Any]]
) -> str:
    past = [change for change in changes if change.exceeded]
    if past:
        why = f" · “{blamed[0]['quote']}”" if blamed else ""
        return f"{past[0].words}{why}"
    if documents:
        core = str((documents[0].get("brief") or {}).get("core", {}).get("text", ""))
        return core or str(documents[0].get("title", ""))
    return "nothing moved"


def markdown(told: Mapping[str, Any]) -> str:
    """An alert as a section of a Markdown page; it carries its id, so that it is never added twice."""
    lines = [mark(str(told["id"])), f"## {_plain(told['title'])}: {_plain(told['headline'])}", "", f"{told['at']}", ""]
    for one in told["outcomes"]:
        lines.append(f"- {'**' if one['exceeded'] else ''}{_plain(one['words'])}{'**' if one['exceeded'] else ''}")
    if told["claims"]:
        lines += ["", "What moved it:", ""]
    for one in told["claims"]:
        change = f", {one['change']:+.1%}" if one["change"] is not None else ", not stated before"
        where = f"{_plain(one['publisher'] or one['path'])}, document {one['document'][:10]}, passage {one['passage']}"
        lines.append(f"- “{_plain(one['quote'])}” ({where}): {_plain(one['parameter'])}{change}")
    for one in told["documents"]:
        lines += [
            "",
            f"### {_plain(one['title'])} ({_plain(one['publisher']) or 'publisher not told'}, {one['date']})",
            "",
        ]
        lines += _brief(one.get("brief") or {})
    if told["runs"]:
        lines += ["", "Runs: " + ", ".join(f"{key} {value}" for key, value in told["runs"].items())]
    lines += [f"\n*{_plain(note)}*" for note in told["notes"]]
    return "\n".join(lines) + "\n\n"


def mark(name: str) -> str:
    """What stands in a page once the alert of that id does."""
    return f"<!-- alert {name} -->"


def _brief(brief: Mapping[str, Any]) -> list[str]:
    def cited(point: Mapping[str, Any]) -> str:
        return _plain(point["text"]) + "".join(f"[{n}]" for n in point["cites"])

    lines = [cited(brief["core"])] if brief.get("core", {}).get("text") else []
    return lines + [f"- {cited(point)}" for group in brief.get("groups", ()) for point in group["points"]]


def _plain(text: Any) -> str:
    """Words of a document as words of a page: no markup, no line breaks."""
    flat = " ".join(str(text).split())
    return flat.replace("<", "&lt;").replace(">", "&gt;").replace("[", "\\[").replace("]", "\\]").replace("*", "\\*")
