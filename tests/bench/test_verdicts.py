"""The law in plain Python and the judge of tables say the same: two implementations of one law."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bench import plainlaw, verdicts
from ytterby.rules import facts, regimes, tabled
from ytterby.rules import verdicts as law_of
from ytterby.rules.columns import columns

Day = datetime.date
READINGS = tuple(regimes.readings())
COUNTRIES = st.sampled_from(["CN", "JP", "US", "DE", "IR"])
FORMS = ["magnet", "oxide", "metal", "alloy", "target", "assembly", "equipment", "superhard", "crystal", "other"]
SYMBOLS = ["Nd", "Sm", "Tb", "Dy", "Ho", "Y", "Ga", "W", "Ta", "graphite"]
SHARES = st.sampled_from([0.0, 0.0004, 0.1, 0.5])
ITEM = st.fixed_dictionaries(
    {},
    optional={
        "form": st.sampled_from(FORMS),
        "composition": st.dictionaries(st.sampled_from(SYMBOLS), SHARES, min_size=1, max_size=2),
        "control_code": st.sampled_from(["1C904.a", "3A090", "2B902.b", "9X999"]),
        "hs": st.sampled_from(["2805301910", "8505"]),
    },
)
HELP = st.fixed_dictionaries({}, optional={"form": st.sampled_from(["technology", "service", "other"])})
USES = ["civil", "military", "military_potential", "chips_14nm", "medical", "repair", "wmd", "rare_earths_abroad"]
OPTIONAL: dict[str, Any] = {
    "technology_origin": COUNTRIES,
    "origin": COUNTRIES,
    "from": COUNTRIES,
    "to": COUNTRIES,
    "end_use": st.sampled_from(USES),
    "end_user": st.sampled_from(["Muster", "JAXA", "Subaru", "FN Herstal", "Leidos", "MP Materials", "Huawei"]),
    "consignee": st.sampled_from(["Muster", "HENSOLDT AG"]),
    "owners": st.sampled_from([{"HENSOLDT AG": 0.5}, {"Huawei": 0.3, "SMIC": 0.2}, {"HENSOLDT AG": 0.4}]),
    "china_value_share": st.sampled_from([0.0005, 0.001, 0.3]),
    "cots": st.booleans(),
    "contract": st.sampled_from(["us_dod", "none"]),
    "helps_rare_earths_abroad": st.booleans(),
    "stages": st.dictionaries(st.sampled_from(["mined", "refined", "melted"]), COUNTRIES, max_size=3),
}
GOODS = st.fixed_dictionaries({"item": ITEM}, optional=OPTIONAL)
WORK = st.fixed_dictionaries(
    {"activity": st.sampled_from(["technology", "service", "person"]), "item": HELP}, optional=OPTIONAL
).filter(lambda told: told["item"].get("form", "other") in ("other", told["activity"]) or told["activity"] == "person")


@cache
def law(reading: str) -> law_of.Law:
    return law_of.law(verdicts.KNOWN, reading)


@given(GOODS | WORK, st.dates(Day(2018, 1, 1), Day(2027, 3, 1)), st.sampled_from(READINGS))
@settings(max_examples=250, deadline=None)
def test_two_implementations_of_one_law(told: dict[str, Any], on: Day, reading: str) -> None:
    one = facts.of(told)
    found = law_of.judge(law(reading), columns([one], [on]))
    assert law_of.OUTCOMES[found.rank[0]] == plainlaw.outcome(law(reading), one, on)


def test_the_table_that_is_timed_is_judged_alike() -> None:
    table = verdicts.table(60)
    found = tabled.verdicts(table, law(regimes.DEFAULT_READING)).outcome.tolist()
    held = law(regimes.DEFAULT_READING)
    plain = [plainlaw.outcome(held, facts.of(verdicts.row(table, at)), table["date"][at]) for at in range(60)]
    assert found == plain
    assert {"free", "licence", "refused"} <= set(found)
