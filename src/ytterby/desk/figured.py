"""Home to how a claim is said on a page: its figure, what it is about, its standing, and the names of kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.desk import spoken
from ytterby.desk.blocks import Chip, Link, Tone, Tongue, Words
from ytterby.terms.errors import YtterbyError
from ytterby.terms.places import place

if TYPE_CHECKING:
    from ytterby.desk.page import Asked
    from ytterby.desk.urls import Lang
    from ytterby.evidence.claims import Claim

KINDS: dict[str, tuple[str, str]] = {
    "share": ("share", "份额"),
    "production": ("production", "产量"),
    "reserve": ("reserve", "储量"),
    "capacity": ("capacity", "产能"),
    "trade_volume": ("trade", "贸易量"),
    "trade_change": ("change of trade", "贸易变动"),
    "price": ("price", "价格"),
    "price_change": ("change of price", "价格变动"),
    "demand": ("demand", "需求"),
    "intensity": ("use per unit", "单位用量"),
    "dependency": ("dependency", "依存度"),
    "investment": ("investment", "投资"),
    "offtake": ("purchase promises", "采购承诺"),
    "forecast": ("forecast", "预测"),
    "quota": ("quota", "配额"),
    "duration": ("duration", "时长"),
    "threshold": ("threshold", "阈值"),
    "count": ("count", "数量"),
    "rank": ("rank", "位次"),
    "date": ("date", "日期"),
    "measure": ("measure", "措施"),
}
"""Kinds of claim in English and Chinese."""
_GAP = "\u00a0"
"""Keeps a figure and its unit on one line."""


def kind(name: str, lang: Lang) -> str:
    """A kind of claim in words."""
    return KINDS.get(name, (name, name))[lang == "zh"]


def where(code: str, lang: Lang) -> str:
    """A place by its name; the code where it has none."""
    try:
        found = place(code)
    except YtterbyError:
        return code
    return found.zh if lang == "zh" else found.en


def figure(claim: Claim, lang: Lang = "en") -> str:
    """What a claim says in one figure with its unit: ``~ 1,238 t``, ``110–130 USD/kg``, a day, an action."""
    if claim.kind == "measure" and claim.measure is not None:
        return spoken.action(claim.measure.action, lang)
    # tables keep shares as parts of one; people read percentages
    times, unit = (100.0, "%") if claim.unit == "share" else (1.0, claim.unit)
    if claim.value is not None:
        sign = "" if claim.comparator == "=" else f"{claim.comparator} "
        return f"{sign}{_spelled(times * claim.value)}{_GAP}{unit}".strip()
    if claim.low is not None or claim.high is not None:
        ends = "–".join(_spelled(times * end) for end in (claim.low, claim.high) if end is not None)
        return f"{ends}{_GAP}{unit}".strip()
    return claim.as_of if claim.kind == "date" else ""


def _spelled(value: float) -> str:
    return f"{value:,.10g}"


def about(claim: Claim, lang: Lang) -> str:
    """What a claim is about, in a line of words of the page's language where we have them."""
    places = " → ".join(where(code, lang) for code in (claim.place, claim.counterpart) if code)
    parts = (claim.subject, claim.object or claim.material, ", ".join(claim.elements), places)
    when = claim.period or claim.by or claim.as_of
    said = tuple(part for part in (*parts, claim.basis, when) if part)
    return " · ".join(dict.fromkeys(said)) or kind(claim.kind, lang)


def tone(claim: Claim, *, contested: bool = False) -> Tone:
    """How the mark of a claim looks: rejected or contested before all, then its standing."""
    if claim.status == "rejected":
        return "rejected"
    return "contested" if contested else claim.status


def chips(asked: Asked, claim: Claim, *, contested: bool = False) -> list[Chip]:
    """The standing of a claim in words."""
    found = [Chip(asked.say(claim.status), claim.status)]
    if claim.assumed:
        found.append(Chip(asked.say("assumed"), "assumed"))
    if contested:
        found.append(Chip(asked.say("contested"), "contested"))
    return found


def quoted(asked: Asked, claim: Claim, longest: int = 240) -> Words:
    """The words a claim was read from, leading to their passage; of a row of a table its source."""
    from ytterby.evidence.naming import is_read

    text = claim.quote or claim.note or claim.source.title
    text = text if len(text) <= longest else f"{text[: longest - 1]}…"
    lang = tongue(text)
    if is_read(claim) and claim.quote:
        at = f"p{claim.passage}" if claim.passage else ""
        return Link(text, asked.to("document", claim.document, at=at), lang=lang)
    return Tongue(text, lang)


def tongue(text: str) -> str:
    """The language words look like: Chinese where they hold Chinese characters."""
    return "zh" if any("㐀" <= char <= "鿿" for char in text) else "en"


def row(claim: Claim) -> dict[str, Any]:
    """A claim as one plain row, for CSV and JSON."""
    return {
        "id": claim.id,
        "status": claim.status,
        "kind": claim.kind,
        "subject": claim.subject,
        "object": claim.object,
        "value": claim.value,
        "low": claim.low,
        "high": claim.high,
        "comparator": claim.comparator,
        "unit": claim.unit,
        "place": claim.place,
        "counterpart": claim.counterpart,
        "basis": claim.basis,
        "period": claim.period,
        "as_of": claim.as_of,
        "known": claim.known.isoformat() if claim.known else "",
        "parameter": claim.parameter,
        "assumed": claim.assumed,
        "document": claim.document,
        "passage": claim.passage,
        "quote": claim.quote,
        "publisher": claim.source.publisher,
        "source": claim.source.title,
    }


def standing(asked: Asked, claim: Claim, *, contested: bool = False) -> Words:
    """The chips of a claim in a row, for a cell; that it is assumed its row says by itself."""
    told = [chip for chip in chips(asked, claim, contested=contested) if chip.tone != "assumed"]
    return [piece for chip in told for piece in (chip, " ")][:-1]
