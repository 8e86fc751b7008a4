"""Home to the law in plain Python: one transfer and one clause at a time, with True, False and None for unknown.

Written apart from `ytterby.rules.judging`, to be raced against it and to be held against it in the tests.
"""

from __future__ import annotations

from datetime import date

from ytterby.rules import regimes
from ytterby.rules.clauses import Clause
from ytterby.rules.facts import Facts
from ytterby.rules.judging import LISTING, OUTCOMES, STRICTNESS, Law

Truth = bool | None


def every(*truths: Truth) -> Truth:
    """No if one says no, unknown if one is unknown."""
    return False if False in truths else None if None in truths else True


def some(*truths: Truth) -> Truth:
    """Yes if one says yes, unknown if one is unknown."""
    return True if True in truths else None if None in truths else False


def negated(truth: Truth) -> Truth:
    """The other way round; unknown stays unknown."""
    return None if truth is None else not truth


def among(word: str, wanted: object) -> Truth:
    """Whether a word is one of some; unknown where it was not told."""
    return None if not word else word in wanted  # type: ignore[operator]


def way(clause: Clause, told: Facts) -> Truth:
    """Activity and border."""
    if clause.trigger == "buyer":
        if told.contract:
            return told.contract == "us_dod"
        return every(among(told.to, {"US"}), among(told.end_use, {"military"}))
    leaves, arrives = among(told.since, clause.origins), among(told.to, clause.origins)
    if clause.trigger == "person":
        return every(some(leaves, bool(told.origin) and told.origin in clause.origins), negated(arrives))
    if clause.trigger in ("re_export", "content", "made_with_technology"):
        moves = None if not told.since or not told.to else told.since != told.to
        return every(negated(leaves), negated(arrives), moves)
    return every(leaves, negated(arrives))


def origin(clause: Clause, told: Facts) -> Truth:
    """How the goods came to be."""
    own = among(told.origin, clause.origins)
    if clause.trigger == "re_export":
        return own
    if clause.trigger == "content":
        return negated(own)
    if clause.trigger == "made_with_technology":
        return every(negated(own), among(told.technology_origin, clause.origins))
    if clause.trigger == "buyer":
        truths: list[Truth] = [own is True]
        for stage in ("produced", "melted", *(("refined", "mined") if clause.upstream else ())):
            where = told.stages.get(stage, "")  # type: ignore[call-overload]
            if not where and stage in ("produced", "melted"):
                where = told.origin
            truths.append(among(where, clause.origins))
        return some(*truths)
    return True


def named(clause: Clause, told: Facts) -> Truth:
    """Whether a clause with goods of its own names the item."""
    items = clause.items
    if not (items.forms or items.elements or items.substances or items.codes):
        return False
    code = told.item.control_code
    if code and any(f"{code}.".startswith(f"{c.code}.") or f"{c.code}.".startswith(f"{code}.") for c in items.codes):
        return True
    if not (items.forms or items.elements or items.substances):
        return False
    wanted = {*items.elements, *items.substances}
    for one in items.only:
        wanted = set(one.elements) if told.form == one.form else wanted
    holds: Truth = True if not wanted else None if told.elements is None else bool(wanted & told.elements)
    code_tells = told.item.hs and items.hs and told.elements is None
    if code_tells and not any(told.item.hs.startswith(hs) or hs.startswith(told.item.hs) for hs in items.hs):
        holds = False
    return every(among(told.form, items.forms) if items.forms else True, holds)


def goods(clause: Clause, told: Facts, listed: Truth) -> Truth:
    """Whether the clause is about such an item."""
    if clause.items.scope == "any":
        return True
    if clause.items.scope == "all_dual_use":
        return listed
    if clause.items.scope == "listed":
        return named(clause, told)
    inside = told.elements
    clean = None if inside is None else clause.threshold is not None or not set(clause.items.elements) & inside
    return every(among(told.form, clause.items.forms), clean)


def line(clause: Clause, told: Facts) -> Truth:
    """The threshold."""
    if clause.threshold is None:
        return True
    if clause.threshold.basis == "value_share":
        share = told.china_value_share
    else:
        inside = told.item.composition
        share = sum(inside.get(one, 0.0) for one in clause.threshold.symbols or ("Dy", "Tb")) if inside else None
    if share is None:
        return None
    if clause.threshold.below:
        return share < clause.threshold.at_least
    if clause.items.scope == "unlisted":
        return 0 < share < clause.threshold.at_least
    return share >= clause.threshold.at_least and share > 0


def ends(clause: Clause, told: Facts) -> Truth:
    """What it is for, where it goes, whether off the shelf."""
    shelf = True if clause.cots is None else None if told.cots is None else told.cots == clause.cots
    if clause.trigger == "buyer":
        return shelf
    where = among(told.to, clause.destinations) if clause.destinations else True
    use: Truth = True
    if clause.end_uses:
        use = among(told.end_use, clause.end_uses) if told.end_use or clause.items.scope != "any" else False
        if "rare_earths_abroad" in clause.end_uses:
            helps = told.helps_rare_earths_abroad
            use = helps if helps is not None or told.kind != "goods" else False
            use = True if told.end_use in clause.end_uses else use
    elif clause.end_use != "any":
        use = among(told.end_use, {"military"})
        use = negated(use) if clause.end_use == "civil" else use
    return every(where, use, shelf)


def parties(clause: Clause, told: Facts, law: Law, on: date) -> bool:
    """Whether a party of the transfer is on a list of the clause."""
    if not clause.lists:
        return not clause.parties
    for one in (law.lists[name] for name in clause.lists if name in law.lists):
        standing = [party for party in one.members if one.days(party)[0] <= on <= one.days(party)[1]]
        if any(one.find(name) in standing for name in (told.end_user, told.consignee) if name):
            return True
        held = sum(share for name, share in told.owners.items() if one.find(name) in standing)
        if clause.ownership is not None and held > 0 and held >= clause.ownership - 1e-9:
            return True
    return False


def activity(clause: Clause, told: Facts) -> bool:
    """Goods, technology, service or help."""
    own = {"technology": {"technology"}, "service": {"service"}, "person": {"person"}}
    if clause.items.scope == "any":
        return clause.trigger not in own or (told.kind == "person") == (clause.trigger == "person")
    return told.kind in own.get(clause.trigger, {"goods"})


def outcome(law: Law, told: Facts, on: date) -> str:
    """The outcome for one transfer, one clause after the other."""
    held = [c for c in law.spoken if regimes.in_force(c, on, law.known, law.reading, law.instruments)]
    lists = [c for c in held if c.outcome == "licence" and c.items.scope == "listed" and c.trigger in LISTING]
    listed = some(bool(told.item.control_code), *(named(c, told) for c in lists))
    met: dict[str, Truth] = {}
    for clause in held:
        truth = every(activity(clause, told), parties(clause, told, law, on), way(clause, told))
        if truth is not False:
            truth = every(
                truth, origin(clause, told), goods(clause, told, listed), line(clause, told), ends(clause, told)
            )
        met[clause.id] = None if clause.disputed and truth else truth
    lifting = [name for clause in held if met[clause.id] for name in clause.exempts]
    sure = possible = 0
    for clause in held:
        spared = (clause.id in lifting or clause.instrument in lifting) and not clause.lists and not clause.exempts
        if spared or met[clause.id] is False:
            continue
        if met[clause.id]:
            sure = max(sure, STRICTNESS[clause.outcome])
        elif not clause.exempts:
            possible = max(possible, STRICTNESS[clause.outcome])
    unwritten = on < law.first and sure < OUTCOMES.index("refused")
    return "undetermined" if possible > sure or unwritten else OUTCOMES[sure]
