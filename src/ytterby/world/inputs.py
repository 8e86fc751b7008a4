"""Home to the names of the inputs that a scenario or the model itself brings, in both languages, with their units."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Named:
    """An input as a reader says it."""

    en: str
    zh: str
    unit: str
    """As the tables write units; empty for a share or a factor, which `share` tells apart."""
    share: bool = False


NAMES = MappingProxyType(
    {
        "licensing:review_days": Named("days of review", "审查天数", "day"),
        "licensing:apply_horizon_days": Named("days ahead for which buyers apply", "提前申请的天数", "day"),
        "licensing:throughput_start": Named("what the desk decides a day at first", "起初每日审结量", "t/day"),
        "licensing:throughput_growth": Named("growth of what the desk decides", "审结量增速", "1/day"),
        "licensing:throughput_max": Named("most the desk can decide a day", "每日审结上限", "t/day"),
        "licensing:throughput_drift": Named("drift of the desk's pace", "审结速度的漂移", "1/√year"),
        "licensing:grant_civil": Named("share granted, civil", "民用批准率", "", share=True),
        "licensing:grant_military": Named("share granted, military", "军用批准率", "", share=True),
        "licensing:hold_same_code": Named(
            "free magnets held under the same customs code", "同一税号下被扣的非管制磁体", "", share=True
        ),
        "licensing:hold_delay_days": Named(
            "days until customs hold free magnets too", "海关开始扣非管制磁体前的天数", "day"
        ),
        "licensing:hold_release_days": Named(
            "days until held free magnets pass again", "被扣磁体恢复放行的天数", "day"
        ),
        "licensing:validity_days": Named("days a licence is valid", "许可证有效天数", "day"),
        "licensing:patience_days": Named("patience of licensed buyers", "许可买家的等待天数", "day"),
        "licensing:leak": Named("share diverted", "转移比例", "", share=True),
        "licensing:tracking_strength": Named("strength of tracking", "追溯力度", "", share=True),
        "licensing:restock": Named("restocking after a stop", "停产后的补库倍数", ""),
        "licensing:import_demand": Named("demand abroad for Chinese magnets", "境外对中国磁体的需求", ""),
        "licensing:general_licence_share": Named("volume under general licences", "通用许可占比", "", share=True),
        "behaviour:stop_spread": Named("spread of makers' stocks", "厂商库存的离散程度", ""),
        "behaviour:festival_rush": Named("orders before the New Year festival", "春节前的抢购", ""),
        "behaviour:handling_days": Named("days of handling", "装卸与报关天数", "day"),
        "behaviour:prepare_days": Named("days to prepare an application", "准备申请的天数", "day"),
        "behaviour:order_cap": Named("largest order over expected use", "订单上限与预计用量之比", ""),
        "behaviour:smoothing_days": Named("days over which use is averaged", "用量平滑天数", "day"),
        "behaviour:patience_days": Named("patience of buyers", "买家的等待天数", "day"),
        "behaviour:capex_mine": Named("price of a mine's capacity", "矿山产能单价", "USD per t/y"),
        "behaviour:capex_separation": Named("price of separation capacity", "分离产能单价", "USD per t/y"),
        "behaviour:capex_metal": Named("price of metal capacity", "金属产能单价", "USD per t/y"),
        "behaviour:capex_alloy": Named("price of alloy capacity", "合金产能单价", "USD per t/y"),
        "behaviour:capex_magnet": Named("price of magnet capacity", "磁体产能单价", "USD per t/y"),
        "behaviour:tech_ramp": Named("ramp lost without Chinese help", "无中方协助损失的爬坡速度", "", share=True),
        "behaviour:tech_yield": Named("yield lost without Chinese help", "无中方协助损失的收率", "", share=True),
        "build:mine": Named("time to build a mine's capacity", "矿山扩建时间", "day"),
        "build:separation": Named("time to build separation", "分离厂建设时间", "day"),
        "build:metal": Named("time to build a metal plant", "金属厂建设时间", "day"),
        "build:alloy": Named("time to build an alloy plant", "合金厂建设时间", "day"),
        "build:magnet": Named("time to build a magnet plant", "磁体厂建设时间", "day"),
        "behaviour:invest_rate": Named("investment when prices double", "价格翻倍时的投资", ""),
        "behaviour:substitution": Named("speed of substitution", "替代速度", ""),
        "behaviour:catch_up_share": Named("lost output that is caught up", "可补回的停产产量占比", "", share=True),
        "behaviour:overtime": Named("overtime when catching up", "补产时的加班幅度", "", share=True),
        "behaviour:price_speed": Named("speed of prices by cover", "价格随库存变动的速度", "1/day"),
        "behaviour:price_alarm": Named("alarm of prices at a cut", "断供时价格的反应", "1/day"),
        "behaviour:price_return": Named("return of prices to cost", "价格向成本的回归", "1/day"),
        "behaviour:arbitrage": Named("pull of China's price abroad", "国内价格对境外的牵引", "1/day"),
        "behaviour:pass_through": Named("cost passed on in prices", "成本传导比例", "", share=True),
        "behaviour:thrift": Named("switching to cheaper designs", "改用廉价方案的倾向", ""),
    }
)
"""Inputs by the name their draws hang on."""


def named(name: str) -> Named | None:
    """What an input of a scenario or of the model is called; None where its claims say it."""
    return NAMES.get(name)
