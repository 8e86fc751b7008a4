"""Home to what the detectors say, in Chinese: the words of each line by its key, with the same figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ytterby.custody.alarms.line import ENGLISH, said

if TYPE_CHECKING:
    from ytterby.custody.alarms.line import Line
    from ytterby.desk.urls import Lang

CHINESE: Mapping[str, str] = {
    # 合并
    "headed": "{head}：{told}",
    "more_with": "{first}；另有 {n} 项",
    "more_so": "{first}；另有 {n} 项",
    "nobody": "未具名方",
    # 库存与批次
    "missing_in": "短缺 {kg:,.1f} kg，见于 {months}",
    "missing_steadily": "连续 {n} 个月短缺，共 {kg:,.1f} kg",
    "more_in": "比账面多 {kg:,.1f} kg，见于 {months}",
    "more_steadily": "连续 {n} 个月多于账面，共 {kg:,.1f} kg",
    "unexplained": "{month}：无法解释 {kg:+,.2f} kg，90% 区间 {low:,.2f} 至 {high:,.2f}",
    "declared": "{day}：申报存有{what} {kg:,.2f} kg，账面为 {booked:,.2f} kg",
    "unreceived": "该批次有 {kg:,.3f} kg 发来，却无收货记录",
    "overdrawn": "该批次发出或使用比收到（{came:,.3f} kg）多 {kg:,.3f} kg",
    "of_lot": "批次 {lot}：{told}",
    "lots_on": "自 {since} 起共 {n} 个批次，{kg:,.1f} kg；首个：{first}",
    "lots_until": "{since} 至 {until} 共 {n} 个批次，{kg:,.1f} kg；首个：{first}",
    # 需求
    "needs": "{n} 个月收到 {kg:,.1f} kg；其申报每月可用 {need:,.1f} kg",
    "need_month": "{month}：{kg:,.1f} kg，为需求的 {share:.0%}",
    "held_before": "此前存有 {kg:,.1f} kg",
    "each_takes": "{day} 之前每件产品用 {usual:,.3f} g，此后用 {now:,.3f} g",
    "each_change": "变化 {share:+.2%}，共 {kg:,.1f} kg，历时 {n} 周",
    # 收率
    "yield_rose": "产出增加：{day} 之前收率 {usual:.2%}，此后 {now:.2%}",
    "yield_fell": "产出减少：{day} 之前收率 {usual:.2%}，此后 {now:.2%}",
    "yield_summed": "共 {n} 批；偏差累计在第 {at} 批越限",
    "yield_change": "变化为产出的 {share:+.2%}，共 {kg:,.1f} kg",
    "range": "{about}：实际收率 {share:.2%}，申报为 {least:.2%} 至 {most:.2%}",
    "range_batches": "自 {day} 起 {n} 批：投入 {came:,.1f} kg，产出 {made:,.1f} kg",
    # 运输
    "receipts": "自 {day} 起，到货重量与发货相差 {share:+.2%}",
    "receipts_lots": "来自 {senders} 个发货方的 {n} 个批次，共 {kg:,.1f} kg",
    "receipts_before": "此前：{share:+.3%}",
    "on_day": "{day}：{told}",
    "unsent": "批次 {lot} 有收货记录，发货方却无发货记录",
    "astray": "批次 {lot} 发往 {names}，却在此收货",
    "order": "批次 {lot} 的收货比发货早 {days:,.1f} 天",
    "speed": "批次 {lot} 在 {hours:,.1f} 小时内运行 {km:,.0f} km",
    "two_places": "{lot} 在 {hours:,.1f} 小时前位于 {km:,.0f} km 外的 {there}",
    "late": "{day} 的事件记录在 {later} 的事件之后",
    # 来源
    "sourceless": "{what} 的 {n} 个批次共 {kg:,.1f} kg，没有投入而出现",
    "born": "{day}：批次 {lot}，{kg:,.2f} kg",
    "scrap": "{n} 个月收废料 {kg:,.1f} kg；每月最多可产生 {most:,.1f} kg",
    "scrap_month": "{month}：{kg:,.1f} kg，为上限的 {share:.0%}",
    "lot": "批次 {lot}",
    # 最终用户、小件货、清单
    "went_on": "许可给 {who} 的 {kg:,.1f} kg 转往 {whom}",
    "went_on_to": "许可给 {who} 的 {kg:,.1f} kg 转往 {whom}（{place}）",
    "parcels": "寄往 {whom} 的 {n} 件货均低于 {threshold:g} kg，合计 {kg:,.1f} kg",
    "parcels_many": "寄往 {receivers} 个收货方的 {n} 件货均低于 {threshold:g} kg，合计 {kg:,.1f} kg",
    "parcels_all": "无许可证，分件寄往 {receivers} 个收货方，共 {kg:,.1f} kg；首个：{first}",
    "kg_on": "{day}：{kg:,.2f} kg",
    "listed": "{kg:,.1f} kg 流向 {whom}：{told}",
    "shipments_from": "自 {day} 起 {n} 票货",
    "on_list": "{name} 列于 {list}（{entry}）",
    "owner_on_list": "{path}：{root} 列于 {list}",
    # 许可证
    "unlicensed_one": "发往 {whom} 的 1 票货共 {kg:,.1f} kg，缺少 {clauses} 要求的许可证",
    "unlicensed": "发往 {whom} 的 {n:,} 票货共 {kg:,.1f} kg，缺少 {clauses} 要求的许可证",
    "unlicensed_on": "{day}：{kg:,.2f} kg，{what}，{clauses}",
    "unlicensed_though": "{day}：{kg:,.2f} kg，{what}，{clauses}；许可证 {licence} 本可适用",
    "on_licence_one": "1 票货共 {kg:,.1f} kg，所用许可证 {licence}：{told}",
    "on_licence": "{n:,} 票货共 {kg:,.1f} kg，所用许可证 {licence}：{told}",
    "on_licence_on": "{day}：{kg:,.2f} kg，{told}",
    "licence_exporter": "出口方不符",
    "licence_end_user": "最终用户不符",
    "licence_goods": "所列货物不符",
    "licence_beyond": "所列货物不符（未列 {beyond}）",
    "licence_kind": "类别为{kind}，此处需{taken}",
    "licence_standing": "在 {day} {standing}",
    "licence_freight": "许可的运输方式为{granted}，实际为{sent}",
    "licence_quantity": "批准 {granted} kg，仅剩 {left} kg",
    "licence_unknown": "没有该许可证的存档",
    "licence_none": "没有许可证",
    # 记录存疑
    "doubts_one": "1 条事件存疑：{asks}",
    "doubts": "{n:,} 条事件存疑：{asks}",
    "doubt_on": "{day}：事件 {event}",
    "doubt_other": "{check}",
    "doubt_offset": "时间的时区与所申报的时区不符",
    "doubt_declared": "在发生之前即被声明有误",
    "doubt_level": "类别或批次混在单件中，或单件混在批次中",
    "doubt_lotless": "数量只写类别而无批次",
    "doubt_prefix": "名称前缀未声明",
    "doubt_forged": "事件编号是另一事件的哈希",
    "doubt_place": "未写地点",
    "doubt_action": "动作与业务步骤不符",
    "doubt_ilmd": "描述了新物却未产生新物",
    "doubt_word": "词汇表中没有的词",
    "doubt_parted": "同一批次在一份清单中出现两次",
    "doubt_open": "就本事件所述，产出多于投入（其余投入可能在其他事件中）",
    "doubt_loop": "同一批次既投入又产出",
    "doubt_unit": "单位不是质量单位",
    "doubt_fine": "数量细于一微克",
    "doubt_heading": "文件抬头不合规",
    "doubt_named": "给出了两个事件编号",
}
"""By key, as `ytterby.custody.alarms.line.ENGLISH`."""
WORDS: Mapping[str, str] = {
    "expired": "已过期",
    "revoked": "已撤销",
    "refused": "未获批准",
    "withdrawn": "已撤回",
    "pending": "审查中",
    "not yet valid": "尚未生效",
    "individual": "单项许可",
    "general": "通用许可",
    "certificate": "凭证",
    "material": "物料",
    "sea": "海运",
    "air": "空运",
    "rail": "铁路",
    "road": "公路",
    "courier": "快递",
    "nobody": CHINESE["nobody"],
}
"""Single words that stand among the figures."""


def told(one: Line, lang: Lang) -> str:
    """A line of a detector in the language of a page."""
    return said(one, {**WORDS, **CHINESE}, "、") if lang == "zh" else said(one, ENGLISH)
