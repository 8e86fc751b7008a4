"""Home to tariffs: rates of duty imposed, threatened or cut."""

from __future__ import annotations

import re

from ytterby.evidence.claims import Measure
from ytterby.evidence.extract import naming
from ytterby.evidence.extract.actors import actor, subject_name
from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.kinds.contract import Setting, made
from ytterby.evidence.extract.kinds.direction import is_level
from ytterby.evidence.extract.topic import Found

_THREAT = re.compile(r"threat\w*|威胁|扬言|warn\w*", re.IGNORECASE)
_NEAR = 40
_PERSON_PLACE = frozenset({"person", "government", "country", "agency", "organisation"})


def decide(figure: Figure, setting: Setting) -> Found | None:
    """A rate of duty in percent."""
    if figure.quantity.dimension not in ("percent", "points"):
        return None
    level = is_level(figure)
    cue = figure.near("tariff", most=_NEAR + 110 if level else _NEAR)
    if cue is None and not (setting.topic.theme == "tariff" and level):
        return None
    who = actor(figure, setting.topic, setting.spoken, _PERSON_PLACE)
    if cue is not None:
        text = figure.sentence.text
        own = [
            name
            for name in figure.sentence.named(figure.sentence.start, cue.start, "country", "government")
            if not text[name.end : cue.start].strip(" '’s的")
        ]
        who = own[-1].entity if own else who
    subject = (naming.country(who.place) if who.kind == "person" and who.place else subject_name(who)) if who else ""
    threatened = bool(_THREAT.search(figure.before) or _THREAT.search(figure.sentence.words))
    aimed = tuple(
        name.entity.place
        for name in figure.sentence.named(figure.clause.start, figure.clause.end, "country")
        if name.entity is not who and name.entity.place and name.entity.place != (who.place if who else "")
    )
    words = " ".join(("tariff", *(f"on {naming.place_words(code)}" for code in aimed[:1])))
    found = made(
        figure,
        setting,
        "measure",
        decided=True,
        subject=subject,
        object=words,
        place=naming.code_of(who),
        counterpart=aimed[0] if aimed else "",
        theme="tariff",
        carry=False,
        measure=Measure(action="tariff", issuer=subject, destinations=aimed),
    )
    if threatened:
        found.modality = "asserted"
    return found
