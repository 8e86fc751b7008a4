"""Home to a shipment as a form: the fields of the address become facts of the law, and facts become fields again.

Every fact of a facts file has a field, so what a file says fits into an address, and the address is the whole question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from ytterby.desk import lawyerly
from ytterby.desk.blocks import Field
from ytterby.desk.page import Asked
from ytterby.terms.errors import UnknownName, shown

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from ytterby.rules.facts import Facts, Stage

WORDS = {
    "material": ("Material", "材料"),
    "form": ("Form", "形态"),
    "form_help": ("Without it, that of the material", "不填则按材料"),
    "composition": ("Composition by mass", "成分（质量分数）"),
    "composition_help": ("Nd 29 %, Dy 3 %, or shares of one", "如 Nd 29 %, Dy 3 %，或以 1 为整体"),
    "hs": ("Customs code (HS)", "海关税号（HS）"),
    "control_code": ("Control code", "管制编码"),
    "value_usd": ("Value, USD", "货值（美元）"),
    "activity": ("What moves", "转移内容"),
    "goods": ("goods", "货物"),
    "technology": ("technology", "技术"),
    "service": ("technical service", "技术服务"),
    "person": ("a person's help", "人员协助"),
    "origin": ("Made in", "原产地"),
    "place_help": ("DE or Germany", "如 DE、Germany 或 德国"),
    "technology_origin": ("With technology of", "技术来源"),
    "from": ("From", "运出地"),
    "to": ("To", "目的地"),
    "exporter": ("Exporter", "出口方"),
    "consignee": ("Consignee", "收货人"),
    "end_user": ("End user", "最终用户"),
    "owners": ("Owners of the end user", "最终用户的股东"),
    "owners_help": ("Beispiel Holding: 51 %; Others: 49 %", "如 Beispiel Holding: 51 %；其他: 49 %"),
    "end_use": ("End use", "最终用途"),
    "china_value_share": ("Chinese listed items, share of value", "中国列管物项占价值之比"),
    "share_help": ("0.1 % or 0.001", "0.1 % 或 0.001"),
    "mined": ("Mined in", "开采地"),
    "refined": ("Refined in", "精炼地"),
    "melted": ("Melted in", "熔炼地"),
    "produced": ("Produced in", "生产地"),
    "cots": ("Off the shelf", "现货商品"),
    "contract": ("Contract", "合同"),
    "us_dod": ("US Department of Defense", "美国国防部"),
    "none": ("no such contract", "无此类合同"),
    "helps": ("Serves a rare-earth chain abroad", "用于境外稀土产业链"),
    "on": ("On the day", "交易日"),
    "on_help": ("Without it, today", "不填为今天"),
    "known": ("As known on", "知识截止日"),
    "known_help": ("Without it, all that is known today", "不填则按今天所知"),
    "reading": ("Reading", "解读"),
    "every_reading": ("all side by side", "全部并列"),
    "unknown": ("not known", "未知"),
    "bad_place": ("'{text}' is no country", "“{text}”不是国家或地区"),
    "bad_material": ("'{text}' is no material", "“{text}”不是已知材料"),
    "did_you_mean": ("did you mean {names}?", "您是否要写 {names}？"),
    "bad_number": ("'{text}' is no number of 0 or more", "“{text}”不是不小于 0 的数"),
    "bad_share": ("'{text}' is no share: write 0.1 % or 0.001", "“{text}”不是占比：请写 0.1 % 或 0.001"),
    "bad_part": (
        "'{text}' is no part: write a name and a share, like {example}",
        "“{text}”无法识别：请写名称和占比，如 {example}",
    ),
    "twice": ("'{text}' stands twice", "“{text}”出现两次"),
    "bad_day": ("'{text}' is no day: write 2027-01-11", "“{text}”不是日期：请写 2027-01-11"),
    "bad_year": ("{text} is far from any rule kept here", "{text} 距此处收录的规则过远"),
    "bad_choice": ("'{text}' is none of the choices", "“{text}”不在选项之中"),
    "too_much": ("the shares sum to more than the whole", "各占比之和超过整体"),
    "no_element": ("'{symbol}' is no element; the controlled ones are {known}", "“{symbol}”不是元素；列管的有 {known}"),
    "no_code": (
        "'{value}' is no customs code: 2 to 13 digits, dots allowed",
        "“{value}”不是海关税号：2 至 13 位数字，可含点",
    ),
    "contradicts": (
        "{one} ({value}) and {other} ({second}) contradict each other",
        "{one}（{value}）与{other}（{second}）相互矛盾",
    ),
    "lacks": (
        "{one} is {value}, and {other} names no {symbol}: they contradict each other",
        "{one}为 {value}，而{other}中没有 {symbol}：相互矛盾",
    ),
    "unfit": ("'{text}' is not understood here", "此处无法识别“{text}”"),
}

STAGES: tuple[Stage, ...] = ("mined", "refined", "melted", "produced")
_PLACES = ("origin", "technology_origin", "from", "to")
_NAMES = ("exporter", "consignee", "end_user")
NAMES = (
    "material", "form", "composition", "origin", "from", "to", "exporter", "consignee", "end_user", "end_use",
    "technology_origin", "china_value_share", "owners", "hs", "control_code", "value_usd", "activity", *STAGES,
    "cots", "contract", "helps",
)  # fmt: skip
"""The fields of a shipment, in the order of the form."""
WHEN = ("on", "known", "reading")
"""The fields of the question beside it."""

_FLAGS = {"yes": True, "no": False}
_SPELT = {True: "yes", False: "no", None: ""}
_OF_FACT = {
    "item.form": "form",
    "item.composition": "composition",
    "item.material": "material",
    "item.hs": "hs",
    "item.control_code": "control_code",
    "item.value_usd": "value_usd",
    "helps_rare_earths_abroad": "helps",
    "since": "from",
    "item": "material",
    **{f"stages.{stage}": stage for stage in STAGES},
}
PRESETS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "preset_magnet",
        {"item": {"form": "magnet", "composition": {"Nd": 0.28, "Dy": 0.02}}, "origin": "CN", "from": "CN", "to": "DE",
         "end_user": "Muster Motoren", "end_use": "civil"},
    ),
    (
        "preset_rotor",
        {"item": {"material": "component.rotor"}, "origin": "CN", "from": "CN", "to": "DE",
         "end_user": "Muster Motoren", "end_use": "civil"},
    ),
    (
        "preset_metal",
        {"item": {"form": "metal", "composition": {"Dy": 0.99}}, "origin": "CN", "from": "CN", "to": "JP",
         "end_user": "Sakura Alloys", "end_use": "civil"},
    ),
    (
        "preset_content",
        {"item": {"form": "magnet", "composition": {"Nd": 0.28, "Dy": 0.02}}, "origin": "JP", "from": "JP", "to": "US",
         "end_user": "Beispiel Inc.", "end_use": "civil", "china_value_share": 0.001},
    ),
    (
        "preset_listed",
        {"item": {"form": "oxide", "composition": {"Dy": 0.87}}, "origin": "CN", "from": "CN", "to": "JP",
         "end_user": "JAXA", "end_use": "civil"},
    ),
    (
        "preset_arms",
        {"item": {"form": "magnet", "composition": {"Nd": 0.3}}, "origin": "JP", "from": "JP", "to": "US",
         "stages": {"mined": "CN", "refined": "MY", "melted": "JP", "produced": "JP"}, "end_user": "Radar House",
         "end_use": "military", "cots": False},
    ),
)  # fmt: skip
"""Shipments to begin with; firms in them are invented, but for the listed one."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the fields say."""

    facts: Facts | None
    """None where a field is wrong."""
    wrong: Mapping[str, str]
    """Per field why it is refused."""


def fields_of(facts: Facts) -> dict[str, str]:
    """Facts as the fields of the form; what was not told is left out."""
    item = facts.item
    told: dict[str, str] = {
        "material": item.material,
        "form": item.form,
        "composition": ", ".join(f"{symbol} {_number(share)}" for symbol, share in item.composition.items()),
        "hs": item.hs,
        "control_code": item.control_code,
        "value_usd": "" if item.value_usd is None else _number(item.value_usd),
        "from": facts.since,
        "owners": "; ".join(f"{name}: {_number(share)}" for name, share in facts.owners.items()),
        "china_value_share": "" if facts.china_value_share is None else _number(facts.china_value_share),
        "cots": _SPELT[facts.cots],
        "helps": _SPELT[facts.helps_rare_earths_abroad],
        "on": "" if facts.day is None else facts.day.isoformat(),
    }
    told |= {stage: facts.stages.get(stage, "") for stage in STAGES}
    for name in ("activity", "origin", "technology_origin", "to", *_NAMES, "end_use", "contract"):
        told[name] = getattr(facts, name)
    return {name: told[name] for name in (*NAMES, "on") if told[name]}


def _number(value: float) -> str:
    """Written so that reading gives the same number again."""
    return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def field_of(fact: str) -> str:
    """The field in which a missing fact is told; empty where no field tells it (the law of a day, an unclear text)."""
    name = _OF_FACT.get(fact, fact)
    return name if name in NAMES else ""


def facts_of(asked: Asked) -> Told:
    """The facts that the address tells, every field looked at: all that is wrong is said at once."""
    from pydantic import ValidationError

    from ytterby.rules.facts import Facts

    wrong: dict[str, str] = {}
    record: dict[str, Any] = {}
    item: dict[str, Any] = {}
    read: dict[str, Callable[[Asked, str], Any]] = {
        "material": _material, "form": _form, "composition": _composition, "value_usd": _amount,
        "owners": _owners, "end_use": _end_use, "china_value_share": _share, "activity": _activity,
        "cots": _choice(_FLAGS), "helps": _choice(_FLAGS), "contract": _choice({"us_dod": "us_dod", "none": "none"}),
        "on": _day, **dict.fromkeys((*_PLACES, *STAGES), _country),
    }  # fmt: skip
    for name in (*NAMES, "on"):
        text = asked.get(name).strip()
        if not text:
            continue
        try:
            value = read.get(name, _as_is)(asked, text)
        except _Wrong as error:
            wrong[name] = str(error)
            continue
        if name in ("material", "form", "composition", "hs", "control_code", "value_usd"):
            item[name] = value
        elif name in STAGES:
            record.setdefault("stages", {})[name] = value
        else:
            record[{"on": "date", "helps": "helps_rare_earths_abroad"}.get(name, name)] = value
    try:
        facts = Facts.model_validate({**record, "item": item})
    except ValidationError as error:
        for one in error.errors(include_url=False):
            for name in _blamed(one):
                wrong.setdefault(name, _said(asked, one, name))
        return Told(None, wrong)
    return Told(None if wrong else facts, wrong)


def fields(asked: Asked, wrong: Mapping[str, str], readings: tuple[str, ...]) -> list[Field]:
    """The fields of the form, filled with what the address says and with what is wrong beside them."""
    from ytterby.rules.clauses import EndUse, Form
    from ytterby.terms.materials import materials

    zh = asked.lang == "zh"
    unknown = ("", asked.say("unknown"))
    flags = [unknown, ("yes", asked.say("yes")), ("no", asked.say("no"))]
    options: dict[str, list[tuple[str, str]]] = {
        "material": [unknown, *((one.id, one.zh if zh else one.en) for one in materials().values())],
        "form": [unknown, *((one, lawyerly.FORMS[one][zh]) for one in get_args(Form))],
        "end_use": [unknown, *((one, lawyerly.ENDS[one][zh]) for one in get_args(EndUse))],
        "activity": [unknown, *((one, asked.say(one)) for one in ("goods", "technology", "service", "person"))],
        "cots": flags,
        "helps": flags,
        "contract": [unknown, ("us_dod", asked.say("us_dod")), ("none", asked.say("none"))],
        "reading": [("", asked.say("every_reading")), *((one, lawyerly.reading(asked, one)) for one in readings)],
    }
    helps = {"composition": "composition_help", "owners": "owners_help", "china_value_share": "share_help",
             "form": "form_help", "from": "place_help", "on": "on_help", "known": "known_help"}  # fmt: skip
    found = []
    for name in (*NAMES, *WHEN):
        value = asked.get(name)
        told = options.get(name, [])
        if name == "material" and value.strip() and name not in wrong:
            value = _material(asked, value.strip())
        if told and value not in {one for one, _ in told}:
            # What was typed stays, though it is none of the choices.
            told = [*told, (value, value)]
        kind: Any = "select" if told else {"on": "date", "known": "date"}.get(name, "text")
        if kind == "date" and name in wrong:
            kind = "text"
        help_ = asked.say(helps[name]) if name in helps else ""
        found.append(Field(name, asked.say(name), kind, value, told, help_, wrong.get(name, "")))
    return found


class _Wrong(ValueError):
    """What a field holds is refused."""


def _as_is(asked: Asked, text: str) -> str:
    return text


def _country(asked: Asked, text: str) -> str:
    from ytterby.terms.places import place

    try:
        return place(text).code
    except UnknownName as error:
        raise _Wrong(_near(asked, "bad_place", text, error)) from None


def _material(asked: Asked, text: str) -> str:
    from ytterby.terms.materials import material

    try:
        return material(text).id
    except UnknownName as error:
        raise _Wrong(_near(asked, "bad_material", text, error)) from None


def _near(asked: Asked, key: str, text: str, error: UnknownName) -> str:
    said = asked.say(key, text=shown(text))
    if not error.suggestions:
        return said
    names = asked.say("or").join(error.suggestions)
    return f"{said}{asked.say('comma')}{asked.say('did_you_mean', names=names)}"


def _choice(options: Mapping[str, Any]) -> Callable[[Asked, str], Any]:
    def chosen(asked: Asked, text: str) -> Any:
        if text not in options:
            raise _Wrong(asked.say("bad_choice", text=shown(text)))
        return options[text]

    return chosen


def _form(asked: Asked, text: str) -> str:
    return str(_choice({one: one for one in lawyerly.FORMS})(asked, text))


def _end_use(asked: Asked, text: str) -> str:
    return str(_choice({one: one for one in lawyerly.ENDS})(asked, text))


def _activity(asked: Asked, text: str) -> str:
    return str(_choice({one: one for one in ("goods", "technology", "service", "person")})(asked, text))


def _day(asked: Asked, text: str) -> str:
    import datetime

    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise _Wrong(asked.say("bad_day", text=shown(text))) from None
    if not lawyerly.within(day):
        raise _Wrong(asked.say("bad_year", text=day))
    return day.isoformat()


def _amount(asked: Asked, text: str) -> float:
    try:
        value = float(text.replace(",", "").replace(" ", ""))
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise _Wrong(asked.say("bad_number", text=shown(text)))
    return value


def _share(asked: Asked, text: str) -> float:
    from ytterby.rules import facts

    try:
        return facts.share(text.replace("％", "%").replace("‰", " "))
    except (ValueError, TypeError):
        raise _Wrong(asked.say("bad_share", text=shown(text))) from None


def _composition(asked: Asked, text: str) -> dict[str, float]:
    parts = [one.strip() for one in re.split(r"[,;，；、\n]", text) if one.strip()]
    return _parts(asked, parts, re.compile(r"([A-Za-z_]+)\s*[:=：]?\s*([-+\d.].*)"), "Nd 29 %")


def _owners(asked: Asked, text: str) -> dict[str, float]:
    parts = [one.strip() for one in re.split(r"[;；\n]", text) if one.strip()]
    return _parts(
        asked, parts, re.compile(r"(.*\S)\s*[:=：\s]\s*([-+\d.][^\s%％]*\s*[%％]?)"), "Beispiel Holding: 51 %"
    )


def _parts(asked: Asked, parts: list[str], shape: re.Pattern[str], example: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in parts:
        told = shape.fullmatch(part)
        if told is None:
            raise _Wrong(asked.say("bad_part", text=shown(part), example=example))
        name = told[1].rstrip(":=： ")
        if name in found:
            raise _Wrong(asked.say("twice", text=shown(name)))
        found[name] = _share(asked, told[2])
    return found


SAID = {
    "no_element": "no_element",
    "customs_code": "no_code",
    "composition_sum": "too_much",
    "owners_sum": "too_much",
    "contradiction": "contradicts",
    "lack": "lacks",
}
"""What the form says of an error of `rules.facts`, by its kind."""
_OF_KIND = {"no_element": "composition", "composition_sum": "composition", "owners_sum": "owners"}
"""The field of an error that belongs to no single key of the facts."""


def _blamed(error: ErrorDetails) -> list[str]:
    """The fields that an error of the schema is about."""
    told = error.get("ctx", {})
    named = [field_of(str(told[key])) for key in ("one", "other") if key in told]
    if named or error["type"] in _OF_KIND:
        return named or [_OF_KIND[error["type"]]]
    path = [str(part) for part in error["loc"][:2]]
    if path == ["date"]:
        return ["on"]
    return [next((field for one in (".".join(path), *path[:1]) if (field := field_of(one))), "material")]


def _said(asked: Asked, error: ErrorDetails, field: str) -> str:
    """What is wrong, from the kind of the error and its figures."""
    key = SAID.get(error["type"])
    if key is None:
        return asked.say("unfit", text=shown(asked.get(field)))
    told = {name: shown(str(value), 400) for name, value in error.get("ctx", {}).items()}
    for name, value in (("one", "value"), ("other", "second")):
        if name in told:
            about = field_of(told[name])
            told[name] = asked.say(about)
            told[value] = _worded(asked, about, told.get(value, ""))
    return asked.say(key, **told)


def _worded(asked: Asked, field: str, value: str) -> str:
    """What a field holds, in words where it is a code that has some."""
    if field == "form":
        return lawyerly.FORMS.get(value, (value, value))[asked.lang == "zh"]
    return asked.say(value) if field == "activity" else value
