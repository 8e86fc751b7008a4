"""Home to the words for what claims carry as codes: actions of measures, modality, access, stages."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from ytterby.terms.errors import YtterbyError

if TYPE_CHECKING:
    from ytterby.desk.urls import Lang

Pairs = Mapping[str, tuple[str, str]]

ACTIONS: Pairs = {
    "control": ("export control", "出口管制"),
    "ban": ("ban", "禁止"),
    "suspend": ("suspension", "暂停实施"),
    "resume": ("resumption", "恢复实施"),
    "extend": ("extension", "延期"),
    "lift": ("lifting", "解除"),
    "relax": ("relaxation", "放宽"),
    "tighten": ("tightening", "收紧"),
    "exempt": ("exemption", "豁免"),
    "quota": ("quota", "配额"),
    "tariff": ("tariff", "关税"),
    "fund": ("funding", "资助"),
    "floor_price": ("price floor", "最低限价"),
    "stockpile": ("stockpile", "储备"),
    "list": ("listing", "列入清单"),
    "condition": ("condition", "附加条件"),
    "negotiate": ("negotiation", "谈判"),
    "ruling": ("ruling", "裁定"),
}
MODALITIES: Pairs = {
    "asserted": ("asserted", "断言"),
    "reported": ("reported", "转述"),
    "forecast": ("forecast", "预测"),
    "target": ("target", "目标"),
    "claimed": ("claimed", "声称"),
}
ACCESS: Pairs = {
    "read": ("read", "已读原文"),
    "excerpt": ("excerpt", "摘录"),
    "derived": ("derived", "推算"),
    "digest": ("digest", "综述"),
    "recall": ("recall (assumed)", "凭记忆（假设）"),
}


def action(name: str, lang: Lang) -> str:
    """What a measure does."""
    return ACTIONS.get(name, (name, name))[lang == "zh"]


def modality(name: str, lang: Lang) -> str:
    """How a figure is said: as a fact, a report, a forecast, a target, a claim of one's own."""
    return MODALITIES.get(name, (name, name))[lang == "zh"]


def access(name: str, lang: Lang) -> str:
    """How we came by a figure."""
    return ACCESS.get(name, (name, name))[lang == "zh"]


def stage(name: str, lang: Lang) -> str:
    """A stage of the chain by its name; the id where it has none."""
    from ytterby.terms.stages import stage as known

    with suppress(YtterbyError):
        found = known(name)
        return found.zh if lang == "zh" else found.en
    return name


def field(name: str, value: str, lang: Lang) -> str:
    """The value of a field of a claim, where it is a code with words; any other as it is."""
    words = {"modality": modality, "access": access, "stage": stage}.get(name)
    return words(value, lang) if words is not None and value else value
