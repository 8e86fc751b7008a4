"""Home to the event hash: the name of an event that has none, made of what it says.

The pre-hash string joins the fields of the standard in their order, then what is left in order of its text; sets are
sorted, words are web URIs, GS1 keys are digital links, times have milliseconds of UTC. ``recordTime``, ``eventID`` and
the error declaration are left out: an event and the declaration that it was wrong have one hash.

Source: GS1 CBV 2.0 (ISO/IEC 19988:2024) section 8.9. Where its text leaves the order open (types of business
transactions, sources and destinations; what follows them) this does as the authors' reference implementation does.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ytterby.custody.epcis.canonical import instant, moment
from ytterby.custody.epcis.identifiers import address
from ytterby.custody.epcis.vocabulary import namespace, told

CBV = "https://ref.gs1.org/cbv/"
VOC = "https://gs1.org/voc/"
HASHED = re.compile(r"ni:///sha-256;([0-9a-f]{64})\?ver=CBV2\.0")
"""An ``eventID`` that is an event hash."""

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_ELEMENTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_EPCS = ("epcList", "inputEPCList", "childEPCs", "outputEPCList")
_ORDER = (
    "parentID", "epcList", "inputEPCList", "childEPCs", "quantityList", "childQuantityList", "inputQuantityList",
    "outputEPCList", "outputQuantityList", "action", "transformationID", "bizStep", "disposition",
    "persistentDisposition", "readPoint", "bizLocation",
)  # fmt: skip
_METADATA = (
    "time", "startTime", "endTime", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules",
)  # fmt: skip
_REPORT = (
    "type", "exception", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "time", "microorganism",
    "chemicalSubstance", "value", "component", "stringValue", "booleanValue", "hexBinaryValue", "uriValue", "minValue",
    "maxValue", "meanValue", "sDev", "percRank", "percValue", "uom", "coordinateReferenceSystem",
)  # fmt: skip
_WORDS = {
    "bizStep": f"{CBV}BizStep-", "disposition": f"{CBV}Disp-", "set": f"{CBV}Disp-", "unset": f"{CBV}Disp-",
    "component": f"{CBV}Comp-", "exception": VOC, "type": VOC,
}  # fmt: skip
_PAIRS = {
    "bizTransactionList": ("bizTransaction", f"{CBV}BTT-"),
    "sourceList": ("source", f"{CBV}SDT-"),
    "destinationList": ("destination", f"{CBV}SDT-"),
}


def hash_id(form: Mapping[str, Any], spaces: Mapping[str, str]) -> str:
    """The event's name: ``ni:///sha-256;...?ver=CBV2.0`` of a canonical form; `spaces` as in `prehash`."""
    return f"ni:///sha-256;{hashlib.sha256(prehash(form, spaces).encode()).hexdigest()}?ver=CBV2.0"


def prehash(form: Mapping[str, Any], spaces: Mapping[str, str]) -> str:
    """The pre-hash string of a canonical form.

    Args:
        form: the event (`canonical.canonical`).
        spaces: trimmed namespace -> namespace as it was declared; one that is not there is taken with its slash.
    """
    made = [f"eventType={form['type']}eventTime={_milliseconds(form['eventTime'])}"]
    made.append(f"eventTimeZoneOffset={form['eventTimeZoneOffset']}")
    made += sorted(f"certificationInfo={_value(one)}" for one in form.get("certificationInfo", ()))
    made += [_field(name, form[name], spaces) for name in _ORDER if name in form]
    if "sensorElementList" in form:
        made.append("sensorElementList" + "".join(sorted(_sensor(one, spaces) for one in form["sensorElementList"])))
    rest = [_pairs(name, form[name]) for name in _PAIRS if name in form]
    if "ilmd" in form:
        rest.append("ilmd" + _extensions(form["ilmd"], spaces))
    rest += _extended(form, spaces)
    return "".join(made) + "".join(sorted(rest))


def _field(name: str, value: Any, spaces: Mapping[str, str]) -> str:
    if name in _EPCS:
        return name + "".join(sorted(f"epc={_value(one)}" for one in value))
    if name in _ELEMENTS:
        return name + "".join(
            sorted(f"quantityElement{_listed(one, ('epcClass', 'quantity', 'uom'))}" for one in value)
        )
    if name == "persistentDisposition":
        return name + "".join(
            f"{key}={_word(key, one)}" for key in ("set", "unset") for one in sorted(value.get(key, ()))
        )
    if name in ("readPoint", "bizLocation"):
        return f"{name}id={_value(value['id'])}{_extensions(value, spaces)}"
    return f"{name}={_word(name, value)}"


def _sensor(element: Mapping[str, Any], spaces: Mapping[str, str]) -> str:
    made = "sensorElement"
    if "sensorMetadata" in element:
        told_of = element["sensorMetadata"]
        made += f"sensorMetadata{_listed(told_of, _METADATA)}{_extensions(told_of, spaces)}"
    reports = (f"sensorReport{_listed(one, _REPORT)}{_extensions(one, spaces)}" for one in element["sensorReport"])
    return made + "".join(sorted(reports)) + _extensions(element, spaces)


def _pairs(name: str, value: Iterable[Mapping[str, str]]) -> str:
    key, family = _PAIRS[name]
    made = []
    for one in value:
        kind = one.get("type", "")
        kind = f"type={kind if ':' in kind else family + kind}" if kind else ""
        made.append(f"{kind}{key}={_value(one[key])}")
    return name + "".join(sorted(made))


def _listed(value: Mapping[str, Any], order: Iterable[str]) -> str:
    return "".join(f"{name}={_word(name, value[name])}" for name in order if name in value)


def _word(name: str, value: Any) -> str:
    family = _WORDS.get(name)
    if family is not None and ":" not in value:
        return family + str(value)
    if isinstance(value, str) and name in ("time", "startTime", "endTime"):
        return _milliseconds(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _value(value)


def _extensions(form: Mapping[str, Any], spaces: Mapping[str, str]) -> str:
    return "".join(sorted(_extended(form, spaces)))


def _extended(form: Mapping[str, Any], spaces: Mapping[str, str], *, inner: bool = False) -> list[str]:
    made = []
    for key, value in form.items():
        if (not inner and key[:1] != "{") or key == "#text":
            continue
        space, local = namespace(key)
        local = local.removeprefix("@")
        name = f"{{{spaces.get(space) or told(space)}}}{local}" if space else local
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                text = f"={_value(one['#text'])}" if "#text" in one else ""
                made.append(name + text + "".join(sorted(_extended(one, spaces, inner=True))))
            else:
                made.append(f"{name}={_value(one)}" if one else name)
    return made


def _value(value: Any) -> str:
    text = str(value).strip()
    if _NUMBER.fullmatch(text):
        read = float(text)
        return str(int(read)) if read.is_integer() else str(read)
    return address(text) if ":" in text else text


def _milliseconds(text: str) -> str:
    made = moment((instant(text) + 500) // 1000 * 1000)
    whole, _, rest = made[:-1].partition(".")
    return f"{whole}.{rest:0<3}Z"
