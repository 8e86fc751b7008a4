"""Scenarios: every shipped one loads, every typo is named, and knowledge time holds."""

from __future__ import annotations

import difflib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ytterby.rules import gates, regimes
from ytterby.terms.errors import BadValue, DateOrder, InputError, UnknownName
from ytterby.world import scenarios
from ytterby.world.scenarios import Scenario

SHIPPED = {scenario.id: scenario for scenario in scenarios.all()}
FOLDER = Path(str(scenarios.__file__)).parent.parent / "data" / "scenarios"
DAYS = st.dates(date(2024, 1, 1), date(2030, 1, 1))
WHOLE = (FOLDER / "baseline.yaml").read_text(encoding="utf-8")


def load_text(folder: Path, text: str, name: str = "mine") -> Scenario:
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return scenarios.load(name, folder)


def refused(folder: Path, text: str) -> InputError:
    with pytest.raises(InputError) as error:
        load_text(folder, text)
    assert "Traceback" not in str(error.value)
    return error.value


def test_the_six_are_shipped_under_their_file_names() -> None:
    assert set(SHIPPED) == set(scenarios.names())
    assert set(SHIPPED) == {"baseline", "april-2025", "october-2025", "robots-2050", "self-sufficiency", "requisition"}


@pytest.mark.parametrize("scenario", SHIPPED.values(), ids=lambda s: s.id)
def test_shipped(scenario: Scenario) -> None:
    assert scenario.answers, "says which figures it answers to"
    assert scenario.title.zh
    assert scenario.start + timedelta(days=scenario.steps * scenario.step_days) > scenario.end
    assert scenario.start + timedelta(days=(scenario.steps - 1) * scenario.step_days) <= scenario.end
    for name, spread in scenarios.spreads(scenario).items():
        certain = spread.low == spread.high
        assert certain or spread.why or spread.parameter, f"{scenario.id}: {name} has a spread without a reason"
    for event in (*scenario.events, *scenario.levers):
        assert event.source, f"{scenario.id}: {event.name} has no source"


@pytest.mark.parametrize("scenario", SHIPPED.values(), ids=lambda s: s.id)
def test_the_numbers_of_licensing_cite_nothing_after_june_2025(scenario: Scenario) -> None:
    late = ("July 2025", "August 2025", "September 2025", "October 2025", "November 2025", "December 2025", " 2026")
    for name, spread in scenarios.spreads(scenario).items():
        if name.startswith("licensing:"):
            assert not any(word in spread.why for word in late), name


def test_april_fits_on_april_to_june_only() -> None:
    fit = SHIPPED["april-2025"].fit
    assert fit is not None
    assert fit.months == ("2025-04", "2025-05", "2025-06")
    assert fit.until == date(2025, 6, 30)
    then = SHIPPED["april-2025"].at(fit.until)
    assert {e.name for e in then.events} == {
        "kachin-stop", "mp-halts-shipments", "air-freight-us", "air-freight-de", "air-freight-eu", "temporary-permits",
        "london-framework",
    }  # fmt: skip


def test_october_differs_from_april_by_the_law_and_says_how() -> None:
    april, october = SHIPPED["april-2025"], SHIPPED["october-2025"]
    holmium = gates.GateClass("CN", "DE", "oxide", frozenset({"Ho"}))
    days = gates.count_days([date(2025, 11, 7), date(2025, 11, 8), date(2026, 6, 1)])

    def licensed(scenario: Scenario) -> list[bool]:
        law = scenarios.instruments(scenario)
        return list(gates.gates([holmium], days, scenario.known, scenario.reading, law).licensed[0])

    assert licensed(april) == [False, False, False]
    assert licensed(october) == [False, True, True]
    assert {"busan-meeting", "general-licences"} & {e.name for e in october.events} == set()
    assert october.licensing == april.licensing


@given(
    st.sampled_from(sorted(SHIPPED)),
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
)
def test_one_who_knows_more_knows_all_of_the_less(name: str, one: date, two: date) -> None:
    early, late = (SHIPPED[name].at(day) for day in sorted((one, two)))
    assert set(early.events) <= set(late.events)
    assert early.known <= late.known
    assert early.at(max(one, two)) == early
    assert all(event.known <= min(one, two) for event in early.events)


def test_levers_are_off_until_named() -> None:
    scenario = SHIPPED["self-sufficiency"]
    assert "vault-purchases" not in {event.name for event in scenario.events}
    on = scenario.with_levers(["vault-purchases", "vault-purchases"])
    assert [event.name for event in on.events].count("vault-purchases") == 1
    assert scenario.with_levers([]) == scenario
    late = scenario.with_levers(["technology-controls"])
    assert "technology-controls" in {event.name for event in late.at(late.known).events}, "what we decide, we know"
    with pytest.raises(UnknownName, match="vault-purchase") as error:
        scenario.with_levers(["vault-purchase"])
    assert "'vault-purchases'" in str(error.value)


def keys_of(node: yaml.Node, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], yaml.ScalarNode]]:
    found = []
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            found.append(((*path, key.value), key))
            found += keys_of(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            found += keys_of(item, (*path, number))
    return found


FREE = {"destination_speed", "path"}
"""Mappings whose keys are data."""
KEYS = [
    (text, path, key)
    for text in (
        WHOLE,
        (FOLDER / "robots-2050.yaml").read_text("utf-8"),
        (FOLDER / "april-2025.yaml").read_text("utf-8"),
    )
    for path, key in keys_of(yaml.compose(text))
    if len(path) < 2 or path[-2] not in FREE
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(KEYS), st.data())
def test_every_typo_in_every_key_is_named_with_its_line(
    tmp_path: Path, entry: tuple[str, tuple[Any, ...], yaml.ScalarNode], data: st.DataObject
) -> None:
    text, _, key = entry
    old = str(key.value)
    at = data.draw(st.integers(0, len(old)), label="at")
    letter = data.draw(st.sampled_from("abcxyzq"), label="letter")
    new = old[:at] + letter + old[at + data.draw(st.integers(0, 1), label="replaces") :]
    assume(new != old and new not in keys_anywhere())
    mutated = text[: key.start_mark.index] + new + text[key.end_mark.index :]
    error = refused(tmp_path, mutated)
    if old == "extends":
        assert isinstance(error, UnknownName)
    assert f"'{new}'" in error.cause
    assert f"mine.yaml line {key.start_mark.line + 1}" in error.place
    if difflib.SequenceMatcher(None, new.casefold(), old.casefold()).ratio() >= 0.7:
        assert f"'{old}'" in error.remedy


def keys_anywhere() -> set[str]:
    return {str(key.value) for text, _, key in KEYS} | {"known", "zone", "until", "product", "demand", "region"}


@pytest.mark.parametrize(
    ("old", "new", "kind", "said"),
    [
        ("end: 2034-12-31", "end: 2024-12-31", DateOrder, ["2024-12-31 comes before 2025-01-01"]),
        ("until: 2025-03-27", "until: 2023-03-27", DateOrder, ["2023-03-27", "events[0]", "line"]),
        ("start: 2025-01-01", "start: 2025-02-30", BadValue, ["start", "2025-02-30"]),
        ("start: 2025-01-01", "start: soon", BadValue, ["start", "soon"]),
        ("step_days: 7", "step_days: 0", BadValue, ["step_days", "greater than 0"]),
        ("step_days: 7", "step_days: -7", BadValue, ["step_days"]),
        ("step_days: 7", "step_days: .nan", BadValue, ["step_days"]),
        ("step_days: 7", "step_days: '7'", BadValue, ["step_days", "'7'"]),
        ("step_days: 7", "step_days: 0.001", BadValue, ["steps", "at most"]),
        ("median: 60, low: 25", "median: 20, low: 25", BadValue, ["must rise", "licensing.review_days"]),
        ("median: 60, low: 25", "median: 60, low: -25", BadValue, ["above 0", "review_days"]),
        (
            "median: 0.9, low: 0.6, high: 0.98",
            "median: 0.9, low: 0.6, high: 1.98",
            BadValue,
            ["grant_civil", "between 0 and 1"],
        ),
        ("review_stages: 3", "review_stages: 0", BadValue, ["review_stages"]),
        ("review_stages: 3", "review_stages: 2.5", BadValue, ["review_stages"]),
        ("reading: extended_2027_01_10", "reading: extended", UnknownName, ["unknown reading", "extended_2027_01_10"]),
        ("demand_path: iea", "demand_path: eia", BadValue, ["demand_path", "'iea'"]),
        ("kind: supply_loss", "kind: supply_los", BadValue, ["events[0].kind", "'supply_loss'"]),
        ("    facility: kachin\n", "", BadValue, ["'supply_loss' needs 'facility'", "events[0]"]),
        ("kind: price_floor", "kind: stockpile_release", BadValue, ["'stockpile_release' needs 'region'", "levers"]),
        ("name: tightening", "name: busan-meeting", BadValue, ["busan-meeting", "two events"]),
        ("value: 110", "value: -110", BadValue, ["price_floor", "negative"]),
        ("value: 110", "value: dear", BadValue, ["levers[0].value"]),
        ("value: 110", "value: true", BadValue, ["levers[0].value"]),
        ("question:", "question: ''\nquestion2:", UnknownName, ["'question2'", "'question'"]),
        ("general_licence_share: 0", "general_licence_share: 0\n  leak: 0", BadValue, ["'leak' twice"]),
        ("  review_stages: 3\n", "", None, []),
        ("  restock:", "  restok:", UnknownName, ["'restok'", "'restock'", "licensing"]),
        ("    US: {median: 0.6", "    USA: {median: 0.6", BadValue, ["destination_speed"]),
    ],
)
def test_nice_errors(tmp_path: Path, old: str, new: str, kind: type[InputError] | None, said: list[str]) -> None:
    assert old in WHOLE
    text = WHOLE.replace(old, new, 1)
    if kind is None:
        assert load_text(tmp_path, text).licensing.review_stages == 3
        return
    error = refused(tmp_path, text)
    assert isinstance(error, kind), repr(error)
    for part in said:
        assert part in str(error), str(error)
    assert error.remedy
    assert "mine.yaml" in error.place or "scenario baseline" in error.place


def test_nice_errors_of_names_and_files(tmp_path: Path) -> None:
    with pytest.raises(UnknownName) as name:
        scenarios.load("april-2052")
    assert "'april-2025'" in str(name.value)
    with pytest.raises(BadValue, match="no scenario file"):
        scenarios.load("nowhere/april.yaml")
    assert "circle" in str(refused(tmp_path, "extends: mine\nid: mine\n"))
    assert "'baseline'" in str(refused(tmp_path, "extends: baselin\nid: mine\n"))
    assert "'busan-meeting'" in str(refused(tmp_path, "extends: baseline\nwithout: [busan-meting]\n"))
    assert "cn-70-2025" in str(refused(tmp_path, "extends: baseline\nregimes: {exclude: [cn-07-2025]}\n"))
    assert "'licensing' is missing" in str(
        refused(tmp_path, "id: a\ntitle: {en: a, zh: b}\nquestion: c\nstart: 2025-01-01\nend: 2026-01-01\n")
    )
    late = "extends: april-2025\nfit: {until: 2025-06-30, months: ['2025-04', '2025-07'], predict_until: 2026-03}\n"
    assert "2025-07 lies after" in str(refused(tmp_path, late))
    fleet = "extends: baseline\ndemand: [{product: robot.humanoid, kind: fleet, path: {2030: 5}}]\n"
    assert "'lifetime_years'" in str(refused(tmp_path, fleet))
    year = "extends: baseline\ndemand: [{product: robot.humanoid, kind: factor, path: {20300: 5}}]\n"
    assert "20300" in str(refused(tmp_path, year))


def test_names_are_checked_against_the_world() -> None:
    world: dict[str, Any] = {
        "facilities": ["kachin", "mountain_pass", "mag_mp10x"],
        "regions": ["CN", "US", "DE", "EU", "JP", "KR", "VN", "IN", "ZZ"],
        "materials": ["oxide.NdPr", "oxide.Dy"],
        "products": ["robot.humanoid", "car.bev"],
    }
    for scenario in SHIPPED.values():
        scenarios.check_names(scenario, **world)
    for key, gone in (
        ("facilities", "kachin"),
        ("regions", "DE"),
        ("materials", "oxide.NdPr"),
        ("products", "robot.humanoid"),
    ):
        less = {**world, key: [name for name in world[key] if name != gone]}
        with pytest.raises(UnknownName, match=gone) as error:
            scenarios.check_names(SHIPPED["robots-2050"], **less)
        assert "robots-2050" in error.value.place


def test_extending_replaces_by_name_and_keeps_the_rest(tmp_path: Path) -> None:
    base = SHIPPED["baseline"]
    mine = load_text(
        tmp_path,
        """
extends: baseline
id: mine
licensing: {review_days: 30, leak: {median: 0.02, why: a guess}}
events:
  - {name: tightening, date: 2025-09-01, kind: review_speed, value: 0.5}
  - {name: extra, date: 2025-09-01, kind: tech_control, value: 0.5}
""",
    )
    assert mine.licensing.review_days.median == mine.licensing.review_days.high == 30
    assert mine.licensing.leak.low == 0.02
    assert mine.licensing.restock == base.licensing.restock
    assert {e.name for e in mine.events} == {e.name for e in base.events} | {"extra"}
    assert next(e for e in mine.events if e.name == "tightening").value.median == 0.5
    assert scenarios.load(tmp_path / "scenarios" / "mine.yaml", tmp_path) == mine
    assert scenarios.load("baseline", tmp_path) == base


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
PAGES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*Scenario.model_fields]), inner, max_size=4)
    ),
    max_leaves=12,
)


def test_countries_that_yaml_takes_for_flags(tmp_path: Path) -> None:
    mine = load_text(tmp_path, "extends: baseline\nid: mine\nlicensing: {destination_speed: {NO: 0.8}}\n")
    assert mine.licensing.destination_speed["NO"].median == 0.8


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.text(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*Scenario.model_fields]), inner, max_size=4)
        ),
        max_leaves=12,
    ).map(lambda raw: yaml.safe_dump(raw, allow_unicode=True))
)
def test_wild_pages_are_refused_politely(tmp_path: Path, text: str) -> None:
    assert str(refused(tmp_path, text))


@pytest.mark.parametrize("scenario", SHIPPED.values(), ids=lambda s: s.id)
def test_what_is_cited_is_in_the_baseline(scenario: Scenario) -> None:
    from ytterby.evidence import baseline

    known = {claim.parameter for claim in baseline.load()}
    cited = {answer.parameter for answer in scenario.answers if answer.parameter}
    cited |= {spread.parameter for spread in scenarios.spreads(scenario).values() if spread.parameter}
    cited |= set(scenario.fit.observations) if scenario.fit else set()
    assert cited <= known


def test_the_truce_is_renewed_in_the_baseline_and_not_in_october() -> None:
    def back(name: str, day: date) -> bool:
        law = scenarios.instruments(SHIPPED[name])
        clause = regimes.clause("cn-62-2025.a", law)
        return bool(regimes.in_force(clause, day, SHIPPED[name].known, SHIPPED[name].reading, law))

    assert not back("baseline", date(2027, 1, 10))
    assert not back("baseline", date(2030, 1, 1))
    assert back("baseline", date(2025, 10, 20)), "it was in force for four weeks"
    assert back("october-2025", date(2027, 6, 1))
    assert not back("requisition", date(2026, 11, 10))
    assert back("requisition", date(2026, 11, 11))


def test_spreads_have_stable_names() -> None:
    april, baseline = scenarios.spreads(SHIPPED["april-2025"]), scenarios.spreads(SHIPPED["baseline"])
    assert set(april) == set(baseline)
    assert "licensing:destination_speed:US" in april
    assert "demand:robot.humanoid:all:2050" in scenarios.spreads(SHIPPED["robots-2050"])


def test_default_reading_is_one_of_the_readings() -> None:
    assert regimes.DEFAULT_READING in regimes.readings()


def test_what_the_docs_show_loads(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "scenarios.md").read_text(encoding="utf-8")
    blocks: list[list[str]] = [[]]
    for line in page.splitlines():
        if line.startswith("    "):
            blocks[-1].append(line[4:])
        elif blocks[-1] and line.strip():
            blocks.append([])
    scenario, instrument = ("\n".join(block) for block in blocks if len(block) > 3)
    assert load_text(tmp_path, scenario, "slow-autumn").id == "slow-autumn"
    (tmp_path / "regimes").mkdir()
    (tmp_path / "regimes" / "xx.yaml").write_text(instrument, encoding="utf-8")
    law = scenarios.instruments(SHIPPED["baseline"], tmp_path)
    assert "xx-1-2027.magnets" in regimes.clauses(law)


def test_the_docs_name_every_key() -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "scenarios.md").read_text(encoding="utf-8")
    models = (Scenario, scenarios.Licensing, scenarios.Event, scenarios.Demand, scenarios.Fit, scenarios.Spread)
    keys = {key for model in models for key in model.model_fields} | set(scenarios.NEEDS)
    assert {key for key in keys if f"`{key}`" not in page} == set()
