"""Home to the tables that are printed: rows of text, aligned for a terminal or as Markdown."""

from __future__ import annotations

from dataclasses import dataclass

WIDEST = 110


@dataclass(frozen=True)
class Section:
    """One table with what must be said about it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def as_text(section: Section) -> str:
    """Aligned columns: the first to the left, the others to the right."""
    widths = [max(len(row[k]) for row in (section.columns, *section.rows)) for k in range(len(section.columns))]
    lines = [section.title]
    for row in (section.columns, *section.rows):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append(("  " + "  ".join(cells)).rstrip())
    return "\n".join([*lines, *(f"  ({note})" for note in section.notes)])


def as_markdown(section: Section) -> str:
    """The same as a Markdown table."""
    rule = ("---", *("---:" for _ in section.columns[1:]))
    table = "\n".join(f"| {' | '.join(row)} |" for row in (section.columns, rule, *section.rows))
    notes = "".join(f"\n{note[0].upper()}{note[1:]}.\n" for note in section.notes)
    return f"## {section.title}\n\n{table}\n{notes}"
