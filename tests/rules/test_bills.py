"""Bills of materials: read exactly, whatever the file, and refused with the place where they cannot be."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ytterby.rules import bills
from ytterby.terms.errors import BadValue, InputError, Unbalanced, UnknownName, YtterbyError

HEADS = "parent,child,quantity,value_usd,mass_kg,origin,technology_origin,material,Nd,Dy,recycled,cots"
LINES = [
    ",motor,,400,12,DE,,,,,,yes",
    "motor,rotor,1,,,,,,,,,",
    "rotor,magnet,16,3.5,0.02,CN,中国,NdFeB magnet,0.28,0.03,0.1,",
    "rotor,steel,1/3,40,6,DE,,,,,,",
]


def write(folder: Path, lines: Iterable[str], heads: str = HEADS, name: str = "bill.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([heads, *lines]) + "\n", encoding="utf-8")
    return path


def test_what_is_written_is_read_exactly(tmp_path: Path) -> None:
    bill = bills.load(write(tmp_path, LINES))
    magnet = bill.things["magnet"]
    assert (magnet.value, magnet.mass) == (Fraction(7, 2), Fraction(1, 50))
    assert (magnet.origin, magnet.technology) == ("CN", "CN")
    assert (magnet.material, magnet.form) == ("magnet.NdFeB", "magnet")
    assert magnet.composition == (("Nd", Fraction(28, 100)), ("Dy", Fraction(3, 100)))
    assert magnet.recycled == Fraction(1, 10)
    assert bill.things["motor"].cots is True
    assert ("rotor", "steel", Fraction(1, 3)) in bill.uses
    assert bill.roots == ("motor",)


def test_csv_json_and_excel_say_the_same(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    rows = [dict(zip(HEADS.split(","), line.split(","), strict=True)) for line in LINES]
    as_csv = bills.load(write(tmp_path, LINES, name="one.csv"))
    semicolons = [line.replace(",", ";") for line in LINES]
    halves = bills.load(write(tmp_path, semicolons, HEADS.replace(",", ";"), "two.csv"))
    (tmp_path / "bill.json").write_text(json.dumps({"lines": rows}), encoding="utf-8")
    numbers = [{key: float(cell) if key in ("value_usd", "mass_kg") and cell else cell for key, cell in row.items()}
               for row in rows]  # fmt: skip
    (tmp_path / "numbers.json").write_text(json.dumps(numbers), encoding="utf-8")
    book = openpyxl.Workbook()
    for line in [HEADS.split(","), *([cell or None for cell in line.split(",")] for line in LINES)]:
        book.active.append(line)
    book.active["E4"] = 0.02
    book.save(tmp_path / "bill.xlsx")
    for other in (halves, *(bills.load(tmp_path / name) for name in ("bill.json", "numbers.json", "bill.xlsx"))):
        assert other.uses == as_csv.uses
        told = {name: (t.value, t.mass, t.origin, t.composition, t.cots) for name, t in other.things.items()}
        assert told == {name: (t.value, t.mass, t.origin, t.composition, t.cots) for name, t in as_csv.things.items()}


def test_a_byte_order_mark_blank_lines_and_short_lines_are_no_matter(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    path.write_text("\ufeffparent,child,quantity,origin\n\na,b,2\n,a,,CN\n", encoding="utf-8")
    assert bills.load(path).uses == (("a", "b", Fraction(2)),)


@given(st.randoms(use_true_random=False))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_lines_is_no_matter(dice: random.Random) -> None:
    rows = [dict(zip(HEADS.split(","), line.split(","), strict=True)) for line in LINES]
    shuffled = dice.sample(rows, len(rows))
    one, other = bills.of(rows), bills.of(shuffled)
    assert sorted(one.uses) == sorted(other.uses)
    assert bills.in_order(one, "motor")[0] == "motor"
    for bill in (one, other):
        order = bills.in_order(bill, "motor")
        assert all(order.index(parent) < order.index(child) for parent, child, _ in bill.uses)


def test_a_loop_is_named_wherever_it_stands() -> None:
    uses = [("product", "part"), ("a", "b"), ("b", "c"), ("c", "a")]
    with pytest.raises(Unbalanced) as loop:
        bills.of([{"parent": parent, "child": child, "quantity": "1"} for parent, child in uses])
    assert any(way in str(loop.value) for way in ("a → b → c → a", "b → c → a → b", "c → a → b → c"))
    with pytest.raises(Unbalanced, match="a → a"):
        bills.of([{"parent": "a", "child": "a", "quantity": "1"}])


def test_a_long_loop_is_shortened_and_a_deep_bill_needs_no_stack() -> None:
    deep = [{"parent": f"t{n}", "child": f"t{n + 1}", "quantity": "1"} for n in range(sys.getrecursionlimit() * 2)]
    assert len(bills.in_order(bills.of(deep), "t0")) == len(deep) + 1
    with pytest.raises(Unbalanced) as loop:
        bills.of([*deep, {"parent": f"t{len(deep)}", "child": "t0", "quantity": "1"}])
    assert len(str(loop.value)) < 400


BAD = [
    (["a,b,1,,,,,,0.9,0.2,,"], BadValue, "line 2", "more than the whole"),
    (["a,b,1,,,,,,1.2,,,"], BadValue, "line 2, column Nd", "no fraction"),
    (["a,b,1,,,Atlantis,,,,,,"], UnknownName, "line 2, column origin", "Atlantis"),
    (["a,b,0,,,,,,,,,"], BadValue, "line 2, column quantity", "quantity of 0"),
    (["a,b,-1,,,,,,,,,"], BadValue, "line 2, column quantity", "-1"),
    (["a,b,,,,,,,,,,"], BadValue, "line 2, column quantity", "no quantity"),
    (["a,b,1,nan,,,,,,,,"], BadValue, "line 2, column value_usd", "nan"),
    (["a,b,1,inf,,,,,,,,"], BadValue, "line 2, column value_usd", "inf"),
    (["a,b,1,1e999999999,,,,,,,,"], BadValue, "line 2, column value_usd", "no number"),
    (["a,b,1,1_000,,,,,,,,"], BadValue, "line 2, column value_usd", "no number"),
    (["a,b,1,-3,,,,,,,,"], BadValue, "line 2, column value_usd", "negative"),
    (["a,b,1,1/0,,,,,,,,"], BadValue, "line 2, column value_usd", "no number"),
    (["a,b,1," + "9" * 99 + ",,,,,,,,"], BadValue, "line 2, column value_usd", "99 characters"),
    (["a,b,1,,,,,,,,,perhaps"], BadValue, "line 2, column cots", "perhaps"),
    (["a,,1,,,,,,,,,"], BadValue, "line 2", "no child"),
    (["a,b,1,5,,,,,,,,", "c,b,1,6,,,,,,,,"], BadValue, "line 3", "line 2"),
    (["a,b,1,,,,,,,,,,,,"], BadValue, "line 2", "more cells"),
    ([], BadValue, "bill.csv", "empty"),
]


@pytest.mark.parametrize(("lines", "kind", "place", "said"), BAD)
def test_nice_errors(tmp_path: Path, lines: list[str], kind: type[YtterbyError], place: str, said: str) -> None:
    with pytest.raises(kind) as refused:
        bills.load(write(tmp_path, lines))
    assert place in refused.value.place
    assert said in str(refused.value)


def test_nice_errors_of_files(tmp_path: Path) -> None:
    def refused(name: str, content: bytes | None, kind: type[YtterbyError] = BadValue) -> YtterbyError:
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(kind) as found:
            bills.load(path)
        assert found.value.place
        return found.value

    assert "No such file" in refused("none.csv", None).cause
    assert ".csv" in refused("bill.pdf", b"", UnknownName).remedy
    assert "UTF-8" in refused("gbk.csv", "parent,child\na,磁体".encode("gbk")).cause
    assert "twice" in refused("twice.csv", b"parent,child,child\na,b,c\n").cause
    assert "parent" in refused("slip.csv", b"parnet,child,quantity\na,b,1\n", UnknownName).remedy
    refused("nul.csv", b"parent,child,quantity\na,\x00b,x\n")
    refused("wide.csv", b"parent,child,quantity\na," + b"b" * 200_000 + b",1\n")
    refused("broken.json", b"[{")
    refused("deep.json", b"[" * 100_000)
    refused("flat.json", b"[1]")
    refused("nested.json", b'[{"child": "b", "origin": {"a": 1}}]')
    refused("same.json", b'[{"child": "b", "child": "c"}]')
    refused("folder.csv/x.csv", None)


def test_nice_errors_of_excel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("openpyxl")
    path = tmp_path / "bill.xlsx"
    for content in (b"", b"parent,child\n", b"PK\x03\x04" + b"\x00" * 40):
        path.write_bytes(content)
        with pytest.raises(BadValue, match="not an Excel sheet"):
            bills.load(path)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InputError, match="openpyxl"):
        bills.load(path)


cells = st.one_of(st.none(), st.text(max_size=12), st.integers(), st.floats(), st.booleans())
lines = st.lists(st.dictionaries(st.sampled_from([*bills.COLUMNS, "else"]), cells, max_size=6), max_size=6)


def told_or_refused(ask: Callable[[], object]) -> InputError | None:
    try:
        ask()
    except InputError as refused:
        return refused
    return None


@given(lines)
def test_wild_rows_make_a_bill_or_a_nice_error(rows: list[dict[str, object]]) -> None:
    refused = told_or_refused(lambda: bills.of(rows))
    assert refused is None or (refused.cause and refused.place)


@given(st.binary(max_size=200), st.sampled_from([".csv", ".json"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_wild_files_make_a_bill_or_a_nice_error(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"wild{suffix}"
    path.write_bytes(content)
    refused = told_or_refused(lambda: bills.load(path))
    assert refused is None or (refused.cause and refused.place)
