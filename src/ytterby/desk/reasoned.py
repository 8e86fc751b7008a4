"""Home to the reasons of the law on a page: the Chinese of each by its key, with the same figures and codes in words.

What stands in free English (doubts, our words of a clause) is marked as English behind the Chinese, or left out where
it stands elsewhere on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ytterby.desk import lawyerly, shipping
from ytterby.desk.blocks import Inline, Tongue, Words
from ytterby.terms.line import Line, worded

if TYPE_CHECKING:
    from ytterby.desk.urls import Lang
    from ytterby.rules.reasons import Reason

CHINESE: Mapping[str, str] = {
    # 组合
    "besides": "{first}；{more}",
    "either": "{first}或{more}",
    "kind": "{kind}",
    "of_clause": "{clause}：{told}",
    "explained": "{told}",
    # 路径
    "about_goods": "只针对货物",
    "about_technology": "只针对技术",
    "about_service": "只针对技术服务",
    "about_person": "只针对人员协助",
    "no_help": "并非 {home} 人员对外提供的协助",
    "no_border": "未跨越国境",
    "not_from": "并非自 {home} 运出",
    "not_to": "目的地不是 {places}",
    "not_between": "并非两个第三国之间的转移",
    "not_origin": "原产地不是 {home}",
    "not_chinese": "原产地不是中国",
    "not_by_technology": "并非在境外以 {home} 的技术制造",
    "not_by_chinese_technology": "并非以中国技术制造",
    "not_made_outside": "并非在 {home} 境外制造",
    "not_us_defence": "并非为美国国防部采购",
    "no_stage": "没有环节在 {home}",
    # 货物
    "on_no_list": "不在任何有效清单上",
    "no_goods": "本身不列举货物",
    "codes_only": "只列管制编码 {codes}",
    "other_form": "未列入“{form}”这一形态",
    "none_inside": "列管 {names}，而该物项均不含",
    "lists_none": "未列管其中任何元素",
    "not_item": "未列入该物项",
    "listed_itself": "该物项本身已列入清单",
    "share_below": "占比低于门槛 {at:g}",
    "share_from": "占比达到 {at:g} 以上",
    "share_none_or_from": "不含，或占比达到 {at:g} 以上",
    "chinese_share_below": "中国物项价值占比低于 {at:g}",
    # 用途与实体
    "these_ends": "只针对以下用途：{ends}",
    "particular_ends": "只针对特定用途：{ends}",
    "other_ends": "只针对{end}用途",
    "shelf": "只针对现货商品",
    "no_shelf": "只针对非现货商品",
    "about_parties": "只针对特定实体",
    "named_parties": "只针对指明的实体",
    "no_party": "清单中没有本次交易的任何一方（{lists}）",
    "on_list": "{fact}“{name}”列于 {list}（{party}）",
    "on_list_graded": "{fact}“{name}”列于 {list}（{party}，可信度 {grade}）",
    "on_list_noted": "{fact}“{name}”列于 {list}（{party}，可信度 {grade}）",
    "held_by": "最终用户由 {list} 所列实体持股：{owners}",
    "owner": "“{name}”（{share:.4g}）",
    # 效力
    "unknown_before": "{day} 之前尚不为人所知",
    "not_so": "按解读 {reading} 不成立",
    "starts": "自 {day} 起生效",
    "ended": "已失效",
    "suspended": "由 {by} 自 {since} 起暂停",
    "suspended_to": "由 {by} 自 {since} 起暂停至 {until}",
    "suspended_until": "曾由 {by} 暂停至 {until}（按解读 {reading}）",
    "in_force": "自 {since} 起有效",
    "stands": "自 {since} 起有效",
    # 不决定的理由
    "lifted": "由 {clauses} 豁免",
    "stops_nothing": "不阻止任何货物",
    "met_perhaps": "条件成立；是否被更严条款取代，取决于尚缺的事实",
    "overridden": "已有更严的条款决定",
    "no_shipment": "不是关于货物的规则（{trigger}）；{told}",
    "hangs_on": "取决于：{facts}",
    "hangs_on_share": "取决于其在该物项中的含量",
    "disputed": "适用范围有争议",
    # 尚缺事实
    "decides_one": "决定 {clauses} 是否适用",
    "decides": "决定 {clauses} 是否适用",
    "decides_more": "决定 {clauses} 等条款是否适用（另有 {n} 条）",
    "text_decides": "决定 {clause} 是否适用",
    "nobody_named": "未指明任何一方，故未比对实体清单",
    "nothing_before": "此处未收录 {day} 之前的货物规则",
    "nothing_known": "截至 {day}，此处尚无已知的货物规则",
    # 备注
    "tested": "形式上无需许可；须在申报中注明，货物可能被扣留检测",
    "buyer_forbids": "无论卖方政府如何规定，买方政府均禁止采购",
    "report_within": "出口后 {n} 个工作日内报告",
    "dispute": "适用范围有争议：",
    "threshold_doubt": "门槛存疑：",
    "doubt": "存疑：",
    "kept_off": "{clause} 仅因一点而不适用：{told}",
    "met_presumed_denial": "对申请推定拒绝",
    "met_case_by_case": "逐案审查",
    "met_strict_review": "从严审查",
    "unbound": "审查不受工作日期限约束",
    "review_within": "受理后 {n} 个工作日内审查",
    "owners_untold": "未说明最终用户的股东；清单实体持股 {share:.0%} 以上即计入",
    "partial": "以下名单未收录完整：{lists}；未查到的一方仍可能在列",
    "partial_list": "{list}（共 {size}，已收录 {n}）",
    "partial_list_open": "{list}（总数未知，已收录 {n}）",
    "turns": "自 {day} 起：{outcome}",
    "turns_by": "自 {day} 起：{outcome}（{clauses}）",
    "resembles": "“{name}”与名单 {list} 上的 {party} 相近，须由人判断：{told}",
    # 筛查
    "is_listed": "即清单所列名称“{name}”",
    "but_for_form": "除公司形式外与“{name}”相同",
    "like": "与“{name}”相近",
    "short_for": "可能是“{name}”的缩写",
    "long_for": "“{name}”是其缩写",
    "elsewhere": "{told}，但其位于 {there} 而非 {here}",
    "scored": "{told}（{score:.0%}）",
    "decided": "{reviewer} 于 {day} 作此认定：{because}",
    # 许可证
    "other_exporter": "{licence} 写明的是其他出口方",
    "other_end_user": "{licence} 写明的是其他最终用户",
    "other_goods": "{licence} 针对其他货物",
    "goods_beyond": "{licence} 针对其他货物（未列 {beyond}）",
    "other_kind": "{licence} 为{kind}，而此处须为{taken}",
    "no_standing": "{licence} 在 {day} {standing}",
    "other_freight": "{licence} 适用于{granted}，而非{sent}",
    "no_quantity": "{licence} 的 {granted} 千克中只剩 {left} 千克",
    "no_such_licence": "没有许可证“{licence}”的存档",
    "no_licence": "没有许可证",
    "law_refuses": "规则不予许可",
    "ask_check": "尚缺事实：请先检查该货物",
    "goes": "{outcome}，可发运",
    "stays": "{outcome}，不可发运",
}
"""By key, as `ytterby.rules.reasons.ENGLISH`."""

_KINDS = {name: lawyerly.WORDS[name][1] for name in ("individual", "general", "certificate")}
_MODES = {"": "未定方式", "sea": "海运", "air": "空运", "rail": "铁路", "road": "公路", "courier": "快递"}
_ENDS = {name: zh for name, (_, zh) in lawyerly.ENDS.items()}
_FACTS = {name: zh for name, (_, zh) in shipping.WORDS.items()}

CODES: Mapping[str, Mapping[str, str]] = {
    "form": {"": "未知", **{name: zh for name, (_, zh) in lawyerly.FORMS.items()}},
    "end": _ENDS,
    "ends": _ENDS,
    "outcome": {name: zh for name, (_, zh) in lawyerly.WORDS.items()},
    "trigger": {
        name.removeprefix("trigger_"): zh for name, (_, zh) in lawyerly.WORDS.items() if name.startswith("trigger_")
    },
    "kind": _KINDS,
    "granted": _MODES,
    "sent": _MODES,
    "standing": {
        "pending": "尚在审查",
        "not yet valid": "尚未生效",
        "expired": "已过期",
        "revoked": "已被撤销",
        "refused": "未获批准",
        "withdrawn": "已撤回",
    },
}
"""The Chinese of codes, by the name of the figure they stand in; names and numbers stay as they are."""


def told(one: Reason | None, lang: Lang) -> Words:
    """A reason in the language of the page; nothing where there is none."""
    if one is None:
        return ""
    if lang == "en":
        return str(one)
    said = worded(one, CHINESE, "、", _code)
    free: list[Inline] = [Tongue(text, "en") for text in _free(one)]
    return [said, *free] if free else said


def _code(figure: str, code: str) -> str:
    if figure in ("fact", "facts"):
        return _FACTS.get(shipping.field_of(code), code)
    return CODES.get(figure, {}).get(code, code)


def _free(one: Line) -> Iterator[str]:
    """The free English of a reason that is said on any page."""
    for name, of in one.figures:
        if name == "text":
            yield str(of)
        for inner in of if isinstance(of, tuple) else (of,):
            if isinstance(inner, Line):
                yield from _free(inner)
