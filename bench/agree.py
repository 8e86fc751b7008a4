"""Home to agreement: when what was extracted says the same as what a reader marked, slot by slot.

Kinds: a reader's kinds are fewer than the design's; `kinds_of` says which of ours each of his stands for. Values agree
by size within 1e-6 after unit conversion (the sign is a slot of its own); a unit agrees when it converts at the same
size or is an alias. Subjects agree when a name of one is a name of the other; of a joint issuer either party does.
Places agree by country; times when one of the claim's periods is the period marked.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from bench.gold import Gold
from ytterby.evidence.claims import KINDS, Claim
from ytterby.terms.errors import InputError
from ytterby.terms.periods import Period, parse_period
from ytterby.terms.places import place
from ytterby.terms.text import fold
from ytterby.terms.units import convert

UNITS = {
    "percent": "%", "pct": "%", "per cent": "%", "pp": "pp", "points": "pp",
    "tonne": "t", "tonnes": "t", "ton": "t", "tons": "t", "t REO": "t", "t/y": "t/yr", "t REO/yr": "t/yr",
    "t/year": "t/yr", "tpy": "t/yr", "times": "x", "years": "year", "yr": "year", "y": "year", "months": "month",
    "weeks": "week", "days": "day", "workdays": "workday", "working day": "workday", "business day": "workday",
    "items": "count", "item": "count", "piece": "count", "unit/y": "unit/yr", "units/yr": "unit/yr",
    "unit/year": "unit/yr", "RMB": "CNY", "yuan": "CNY", "RMB/kg": "CNY/kg", "RMB/t": "CNY/t",
}  # fmt: skip
"""Other spellings of the units a reader writes."""

POLARITY = {"asserted": {"asserted", "reported"}, "reported": {"asserted", "reported"}}
"""Modalities that a reader's word stands for; a word not named here stands for itself."""

MEASURES = frozenset({"measure", "threshold", "quota", "count"})
"""Kinds in which a policy measure may come out."""

_SAME: tuple[str, ...] = (
    "us department of defense|united states department of defense|pentagon|dod|defense department|department of defense"
    "|department of war|us department of war|us dod|defence department",
    "mofcom|ministry of commerce|china's ministry of commerce|chinese ministry of commerce|commerce ministry",
    "gac|general administration of customs|china customs|customs|gacc",
    "miit|ministry of industry and information technology",
    "united states|us|u.s.|usa|america|washington|us government|u.s. government|united states government",
    "china|cn|beijing|prc|chinese government|government of china|mainland china",
    "japan|jp|tokyo|japanese government|government of japan",
    "european union|eu|brussels",
    "myanmar|burma|mm",
    "kia|kachin independence army|kachin independence organisation|kachin independence organization|kio",
    "iea|international energy agency",
    "wto|world trade organization|world trade organisation",
    "gao|government accountability office|us government accountability office",
    "usgs|us geological survey|united states geological survey",
    "world|wld|global|worldwide",
    "market|markets|market price|spot market",
    "mp materials|mp|mp materials corp",
    "lynas|lynas rare earths",
    "northern rare earth|china northern rare earth|china northern rare earth group|northern rare earths",
    "china rare earth group|china rare earth|crg|china rare earth group co",
    "tesla|tesla inc",
    "f-35|f35|f-35 fighter jet|f-35 fighter",
    "ddg-51|ddg-51 destroyer|arleigh burke destroyer|arleigh burke class destroyer|ddg-51 arleigh burke destroyer",
    "virginia class submarine|virginia submarine|ssn-774|virginia-class submarine|virginia-class attack submarine",
    "humanoid robot|humanoid|humanoids|humanoid robots",
    "electric vehicle|ev|evs|bev|electric car|electric vehicles|new energy vehicle|new energy vehicles|nev",
    "combustion car|combustion vehicle|ice car|ice vehicle|petrol car",
    "us defence|us defense|us military|defence|defense",
    "analyst|analysts",
    "doe|us department of energy|department of energy|energy department",
    "meti|ministry of economy, trade and industry",
    "european commission|ec|eu commission",
)  # fmt: skip
_ALIAS = {name: row.split("|")[0] for row in _SAME for name in row.split("|")}

_INSIDE = {
    "oklahoma": "US", "chicago": "US", "mountain pass": "US", "texas": "US", "california": "US", "fort worth": "US",
    "south carolina": "US", "wyoming": "US", "kachin": "MM", "inner mongolia": "CN", "baotou": "CN", "ganzhou": "CN",
    "jiangxi": "CN", "sichuan": "CN", "guangdong": "CN", "kuantan": "MY", "gebeng": "MY", "western australia": "AU",
    "mount weld": "AU", "kalgoorlie": "AU", "northern territory": "AU", "eneabba": "AU", "la rochelle": "FR",
    "narva": "EE", "outside china": "ZZ", "several": "ZZ", "serra verde": "BR", "goias": "BR", "minas gerais": "BR",
    "kvanefjeld": "GL", "tanbreez": "GL", "high-income countries": "ZZ", "busan": "KR", "nevada": "US", "utah": "US",
    "louisiana": "US", "saskatchewan": "CA", "saskatoon": "CA", "lacq": "FR", "kiruna": "SE", "longnan": "CN",
}  # fmt: skip
_IDLE = frozenset(
    ("of", "the", "a", "an", "and", "to", "in", "for", "from", "by", "on", "at", "with", "new", "rare", "earth",
     "earths", "element", "elements", "per", "change")
)  # fmt: skip


def kinds_of(gold: Gold) -> frozenset[str]:
    """The design's kinds that a reader's kind stands for; for what the design has no kind of (revenue), any."""
    kind, note = gold.kind, gold.note
    if note in ("revenue", "guarantee", "yield", "price ratio"):
        return frozenset(KINDS)
    if note == "either":
        return frozenset({"capacity", "production"})
    if gold.polarity == "forecast" and kind in ("demand", "production", "price"):
        return frozenset({kind, "forecast"})
    if kind == "trade_change":
        if "rank" in note or gold.unit == "rank":
            return frozenset({"rank", "trade_volume", "count"})
        if "level" in note:
            return frozenset({"trade_volume"})
        return (
            frozenset({"trade_change", "production", "quota"}) if "production" in note else frozenset({"trade_change"})
        )
    if kind == "price":
        if "change" in note:
            return frozenset({"price_change"})
        decided = any(word in note for word in ("tax", "floor"))
        return frozenset({"price", "measure", "threshold"}) if decided else frozenset({"price"})
    if kind == "production" and note.startswith("quota"):
        return frozenset({"quota"})
    if kind in ("production", "reserve", "capacity") and gold.unit in ("rank", "count"):
        return frozenset({kind, gold.unit})
    if kind == "policy_measure":
        return MEASURES
    if kind == "demand_intensity":
        return frozenset({"intensity", "count"}) if gold.unit == "count" else frozenset({"intensity"})
    return frozenset({kind})


def value(gold: Gold, claim: Claim) -> bool:
    """Whether the figure and its unit agree, whatever its sign."""
    if gold.kind == "date" and gold.unit == "date":
        return str(gold.value) in _days(claim)
    if gold.unit == "year" and claim.unit in ("date", "year") and claim.value is None:
        return _number(gold.value) is not None and f"{_number(gold.value):.0f}" == claim.as_of[:4]
    if not gold.figured:
        return claim.value is None and claim.low is None and _bare(gold.unit, claim.unit)
    size = _size(claim.unit, gold.unit)
    if size is None:
        return False
    have = {name: getattr(claim, name) for name in ("value", "low", "high")}
    if gold.value is not None:
        want = _number(gold.value)
        near = have["value"]
        if near is None:
            ends = {"≥": "low", ">": "low", "≤": "high", "<": "high"}
            near = have[ends.get(claim.comparator, "low")] if claim.comparator in ends else None
        return want is not None and near is not None and _near(near * size, want)
    wanted = [(name, end) for name, end in (("low", gold.low), ("high", gold.high)) if end is not None]
    return all(have[name] is not None and _near(have[name] * size, end) for name, end in wanted)


def unit(name: str) -> str:
    """A unit under the spelling a reader writes."""
    return UNITS.get(name.strip(), name.strip())


def sign(gold: Gold, claim: Claim) -> bool:
    """Whether both rise, or both fall."""
    want, have = _number(gold.value), claim.value if claim.value is not None else claim.low
    if gold.unit == "date" or want is None or have is None:
        return True
    return (want < 0) == (have < 0)


def subject(gold: Gold, claim: Claim) -> bool:
    """Whether the same actor, product or market is meant."""
    return named_alike(gold.subject, claim.subject)


def named_alike(one: str, other: str) -> bool:
    """Whether two spellings name one thing: aliases, brackets, joint issuers (either party)."""
    return bool(_names(one) & _names(other))


def topic(gold: Gold, claim: Claim) -> bool:
    """Whether at least half of the words that say what is counted are there."""
    want = _tokens(gold.object)
    have = _tokens(" ".join((claim.object, claim.material, " ".join(claim.elements), claim.stage)))
    if claim.measure is not None:
        have |= _tokens(" ".join((claim.measure.action, claim.measure.instrument, *claim.measure.items)))
    return not want or 2 * len(want & have) >= len(want)


def where(gold: Gold, claim: Claim) -> bool:
    """Whether the country agrees; in trade the partner's, and none is the world."""
    want = _codes(gold.place)
    have = {claim.place, claim.counterpart} - {""}
    if "WLD" in want:
        return "WLD" in have or claim.counterpart == ""
    return not want or bool(want & have) or ("ZZ" in want and not have)


def when(gold: Gold, claim: Claim) -> bool:
    """Whether one of the claim's times is the time marked."""
    want = span_of(gold.time)
    if want is None:
        return True
    said = [claim.period, claim.as_of, claim.by]
    if claim.measure is not None:
        m = claim.measure
        said += [m.issued, m.in_force, m.suspended_from, m.suspended_until]
        said.append(f"{m.suspended_from}/{m.suspended_until}")
    if claim.known is not None and gold.kind == "policy_measure":
        said.append(claim.known.isoformat())
    return any(_one_time(want, span_of(one)) for one in said if one)


def modality(gold: Gold, claim: Claim) -> bool:
    """Whether it is said in the same mood."""
    return claim.modality in POLARITY.get(gold.polarity, {gold.polarity})


def comparator(gold: Gold, claim: Claim) -> bool:
    """Whether the bound is drawn alike."""
    return claim.comparator == gold.op


def speaker(gold: Gold, claim: Claim) -> bool:
    """Whether the one it is attributed to is found, where the reader marked one."""
    return not gold.attributed_to or named_alike(gold.attributed_to, claim.attributed_to)


def decision(gold: Gold, claim: Claim) -> bool:
    """Whether the measure's marked slots (action, instrument, in_force, ...) are those found; true where none are."""
    if not gold.measure:
        return True
    found = claim.measure.model_dump() if claim.measure is not None else {}
    return all(_slot(want, found.get(name)) for name, want in gold.measure.items())


SLOTS = {
    "subject": subject,
    "object": topic,
    "place": where,
    "time": when,
    "sign": sign,
    "comparator": comparator,
    "modality": modality,
    "attributed to": speaker,
}
"""What is compared beside mention, value, unit and kind."""


def _slot(want: object, have: object) -> bool:
    if isinstance(want, list):
        return isinstance(have, (list, tuple)) and set(map(str, want)) <= set(map(str, have))
    return have == want


def _days(claim: Claim) -> set[str]:
    days = {claim.as_of, claim.by, claim.period}
    if claim.measure is not None:
        m = claim.measure
        days |= {m.issued, m.in_force, m.suspended_until}
    return days


def _bare(want: str, have: str) -> bool:
    return have == want or unit(have) in {unit(one) for one in want.split("..")} or (not want and have in ("", "count"))


def _number(value: object) -> float | None:
    if isinstance(value, (int, float)):
        return float(value)
    text = str(value)
    return float(text) if re.fullmatch(r"-?\d+(?:\.\d+)?", text) else None


def _near(one: float, other: float) -> bool:
    return abs(abs(one) - abs(other)) <= 1e-6 * max(abs(one), abs(other), 1e-9)


@cache
def _size(have: str, want: str) -> float | None:
    """What a figure in `have` is multiplied by to be in `want`; None where they do not convert."""
    have, want = unit(have), unit(want)
    if have == want or have in want.split(".."):
        return 1.0
    if "pp" in (have, want) or "rank" in (have, want):
        return 1.0 if {have, want} == {"pp", "%"} else None
    try:
        return convert(1.0, have, want)
    except InputError:
        return None


@cache
def _names(text: str) -> frozenset[str]:
    tidy = re.sub(r"\s+", " ", fold(text).strip().casefold())
    forms = set(re.split(r"\s*(?:/|;|、| and (?!trade|information))\s*", tidy))
    forms.add(tidy)
    for bare in list(forms):
        forms.add(re.sub(r"\s*\(.*?\)", "", bare).strip())
    forms |= {form.removeprefix("the ") for form in forms}
    forms |= {form[:-1] for form in forms if len(form) > 4 and form.endswith("s")}
    codes = {code.casefold() for form in forms if (code := _country(form))}
    return frozenset({_ALIAS.get(form, form) for form in forms if form} | {_ALIAS.get(one, one) for one in codes})


@cache
def _country(name: str) -> str:
    if not name or len(name) > 60:
        return ""
    try:
        return place(name).code
    except InputError:
        return ""


@cache
def _tokens(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z0-9]+|[一-鿿]", fold(text).casefold().replace("ndfeb", "neodymium magnet"))
    kept = {word for word in words if word not in _IDLE}
    return frozenset(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in kept)


@cache
def _codes(text: str) -> frozenset[str]:
    made = set()
    for one in re.split(r"\s*;\s*", text):
        bare = re.sub(r"\s*\(.*?\)", "", one).strip()
        inner = re.search(r"\((.*?)\)", one)
        code = _INSIDE.get(bare.casefold()) or _country(bare) or (_country(inner[1]) if inner else "")
        if code:
            made.add(code)
    return frozenset(made)


def _one_time(want: Period, have: Period | None) -> bool:
    if have is None:
        return False
    if (want.start, want.end) == (have.start, have.end):
        return True
    # A reader writes from/to of what began in one part and ended in another; either end's month will do.
    slack = timedelta(days=31)
    return (
        want.days > 1
        and abs(want.start - have.start) < slack
        and abs(want.end - have.end) < slack
        and ((want.days > 45) == (have.days > 45))
    )


@cache
def span_of(text: str) -> Period | None:
    """The days of a time as readers and claims write them; None where it names none ("short term")."""
    first = re.split(r"\s+vs\s+", text)[0].strip()
    inner = re.search(r"\(([^)]*\d{4}[^)]*)\)", first)
    first = re.sub(r"^(?:by|from|since|until|now|in|as of)\s+", "", inner[1] if inner else first)
    ends = re.split(r"\s*(?:/|\.\.)\s*", first)
    try:
        spans = [parse_period(one) for one in ends if one]
    except InputError:
        return None
    if not spans:
        return None
    if len(ends) == 2 and ends[1] == "":
        return Period(spans[0].start, date(2200, 12, 31))
    return Period(spans[0].start, spans[-1].end) if spans[0].start <= spans[-1].end else None
