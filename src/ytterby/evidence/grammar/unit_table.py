"""Home to the spellings of units: what the words after a figure mean, as data.

A spelling maps to (unit, factor, dimension): the factor is a magnitude folded into the word (kt is a thousand t),
never a conversion of units. English spellings stand in small letters unless their case tells them apart.
"""

from __future__ import annotations

from typing import NamedTuple

from ytterby.evidence.grammar.shapes import Dimension, listed


class Spelling(NamedTuple):
    """What a spelling of a unit stands for."""

    unit: str
    factor: float
    dimension: Dimension


def _table(rows: str) -> dict[str, Spelling]:
    found: dict[str, Spelling] = {}
    for row in rows.strip().splitlines():
        unit, dimension, spellings = (part.strip() for part in row.split(":", 2))
        for spelling in spellings.split("|"):
            word, _, factor = spelling.strip().partition("*")
            found[word] = Spelling(unit, float(factor) if factor else 1.0, dimension)  # type: ignore[arg-type]
    return found


ENGLISH: dict[str, Spelling] = _table("""
t: mass: t|tonne|tonnes|ton|tons|metric ton|metric tons|metric tonne|metric tonnes|metric-ton|mt|MT|kt*1e3|Mt*1e6
t: mass: kilotonne*1e3|kilotonnes*1e3|kiloton*1e3|kilotons*1e3|ktonnes*1e3|megatonnes*1e6
kg: mass: kg|kgs|kilogram|kilograms|kilogramme|kilogrammes|kilo|kilos
g: mass: g|gram|grams|gramme|grammes
mg: mass: mg|milligram|milligrams
lb: mass: lb|lbs|pound|pounds
oz: mass: oz|ounce|ounces
short ton: mass: short ton|short tons
long ton: mass: long ton|long tons
t/yr: mass_rate: tpa|tpy|t/y|t/yr|t/a|t/year|tons/year|tonnes/year|t pa|ktpa*1e3|kt/y*1e3|kt/yr*1e3|kt/a*1e3
t/yr: mass_rate: mtpa*1e6|Mtpa*1e6|MTPA*1e6|tonnes/yr|tons/yr|mt/y|mt/yr|mtpy*1e6
t/d: mass_rate: tpd|t/d|t/day|tons/day|tonnes/day
t/month: mass_rate: tpm|t/month|t/mo
%: percent: %|percent|per cent|per-cent|pct|pc
pp: points: percentage point|percentage points|percentage-point|pp|ppt|ppts|pts|%-points|% points|basis point*0.01
pp: points: basis points*0.01|bps*0.01
x: ratio: x|-fold|fold|times
year: duration: year|years|yr|yrs|decade*10|decades*10|century*100|centuries*100
quarter: duration: quarter|quarters
month: duration: month|months|mo
week: duration: week|weeks|wk|wks
day: duration: day|days|calendar day|calendar days
workday: duration: working day|working days|business day|business days|workday|workdays|trading days
hour: duration: hour|hours|hr|hrs|h
minute: duration: minute|minutes|min|mins
USD: money: dollar|dollars|USD|usd|US dollar|US dollars|U.S. dollars|U.S. dollar|us dollars|American dollars|US$
CNY: money: yuan|renminbi|RMB|rmb|CNY|cny|Chinese yuan
EUR: money: euro|euros|EUR|eur
JPY: money: yen|JPY|jpy|Japanese yen
GBP: money: pounds sterling|pound sterling|GBP|gbp
AUD: money: Australian dollars|australian dollars|AUD|aud
CAD: money: Canadian dollars|canadian dollars|CAD|cad
KRW: money: won|KRW|South Korean won
INR: money: rupee|rupees|INR
MYR: money: ringgit|MYR
TWD: money: Taiwan dollars|TWD
HKD: money: Hong Kong dollars|HKD
RUB: money: rouble|roubles|ruble|rubles
VND: money: dong|VND
SEK: money: kronor|krona|SEK
BRL: money: reais|BRL
CHF: money: Swiss francs|CHF
nm: length: nm|nanometer|nanometers|nanometre|nanometres
um: length: micron|microns|micrometer|micrometers|micrometre|micrometres
mm: length: mm|millimeter|millimeters|millimetre|millimetres
cm: length: cm|centimeter|centimeters|centimetre|centimetres
km: length: km|kilometer|kilometers|kilometre|kilometres
m: length: m|meter|meters|metre|metres
mile: length: mile|miles|nautical miles
ft: length: ft|foot|feet
layer: other: layer|layers
point: other: point|points
kW: power: kW|kw|kilowatt|kilowatts
MW: power: MW|mw|megawatt|megawatts
GW: power: GW|gw|gigawatt|gigawatts
TW: power: TW|terawatt|terawatts
kWh: energy: kWh|kwh|kilowatt-hour|kilowatt-hours
MWh: energy: MWh|mwh|megawatt-hour|megawatt-hours
GWh: energy: GWh|gwh|gigawatt-hour|gigawatt-hours
TWh: energy: TWh|twh
degC: other: °C|° C|℃|degrees Celsius|degrees celsius|degrees C
km2: other: square kilometers|square kilometres|square km|sq km|km2
mile2: other: square miles|sq miles
m2: other: square meters|square metres|square feet*0.09290304
ha: other: hectare|hectares|ha
acre: other: acre|acres
m3: other: cubic meters|cubic metres
l: other: litre|litres|liter|liters
barrel: other: barrel|barrels
ppm: other: ppm|parts per million
‰: other: ‰
kOe: other: kOe
MGOe: other: MGOe
""")

CHINESE: dict[str, Spelling] = _table("""
t: mass: 吨|公吨|英吨
kg: mass: 公斤|千克
jin: mass: 斤|市斤
g: mass: 克
mg: mass: 毫克
lb: mass: 磅|英磅
oz: mass: 盎司
short ton: mass: 短吨
%: percent: %|个百分比|巴仙
‰: other: ‰
pp: points: 个百分点|百分点|个基点*0.01|基点*0.01
x: ratio: 倍
year: duration: 年|个年头|周年|个世纪*100|载
quarter: duration: 个季度|个季
month: duration: 个月|个月份|月个
week: duration: 周|星期|个星期|礼拜|个礼拜
day: duration: 天|日|个自然日|自然日|个日历日|昼夜
workday: duration: 个工作日|工作日|个工作天|工作天|个交易日|交易日
hour: duration: 小时|个小时|个钟头
minute: duration: 分钟
USD: money: 美元|美金|块美元
CNY: money: 元|元人民币|人民币|块钱|圆人民币|人民币元
JPY: money: 日元|日圆|円|日币
EUR: money: 欧元
GBP: money: 英镑
AUD: money: 澳元|澳币|澳大利亚元|澳洲元
CAD: money: 加元|加币|加拿大元
KRW: money: 韩元|韩圆|韩币
TWD: money: 新台币|台币|元新台币
HKD: money: 港元|港币
INR: money: 卢比|印度卢比
RUB: money: 卢布
MYR: money: 令吉|马币|林吉特
VND: money: 越南盾
SEK: money: 瑞典克朗
CHF: money: 瑞士法郎
BRL: money: 雷亚尔
SGD: money: 新元|新加坡元
nm: length: 纳米|奈米
um: length: 微米
mm: length: 毫米
cm: length: 厘米|公分
km: length: 公里|千米
m: length: 米|公尺
mile: length: 英里|海里
layer: other: 层
kW: power: 千瓦
MW: power: 兆瓦|百万瓦
GW: power: 吉瓦
kWh: energy: 千瓦时|度电
MWh: energy: 兆瓦时
GWh: energy: 吉瓦时
degC: other: 摄氏度|℃
km2: other: 平方公里|平方千米
m2: other: 平方米
ha: other: 公顷
mu: other: 亩
m3: other: 立方米
l: other: 升|公升
barrel: other: 桶
""")

CLASSIFIERS: tuple[str, ...] = listed(
    "家 项 座 名 位 种 类 艘 架 辆 台 套 件 条 款 份 起 处 口 国 人 户 只 部 枚 颗 把 支 张 间 所 轮 场 笔 股"
    " 票 块 片 根 宗 艘次 架次 大类 大 者 个 次 组 批次 批 成员国 岁 页"
    " 字 篇 门 艇 公司 企业 国家 城市 省 市 县 人次 台套 万人 节 颗 栋 幢 尊 回 箱 车 柜 列 班 波 层级 道 环"
    " 重 员 支柱 维"
)
"""Words that a Chinese figure counts with."""

SIGNS: tuple[tuple[str, str], ...] = (
    ("US$", "USD"),
    ("U.S.$", "USD"),
    ("USD$", "USD"),
    ("A$", "AUD"),
    ("AU$", "AUD"),
    ("C$", "CAD"),
    ("CA$", "CAD"),
    ("HK$", "HKD"),
    ("NT$", "TWD"),
    ("S$", "SGD"),
    ("NZ$", "NZD"),
    ("R$", "BRL"),
    ("$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("₹", "INR"),
    ("₩", "KRW"),
    ("¥", "CNY"),
    ("¥", "CNY"),
    ("RMB", "CNY"),
    ("CNY", "CNY"),
    ("USD", "USD"),
    ("AUD", "AUD"),
    ("EUR", "EUR"),
    ("GBP", "GBP"),
    ("JPY", "JPY"),
    ("CAD", "CAD"),
    ("INR", "INR"),
    ("TWD", "TWD"),
    ("NTD", "TWD"),
    ("HKD", "HKD"),
    ("SGD", "SGD"),
    ("MYR", "MYR"),
    ("VND", "VND"),
    ("KRW", "KRW"),
    ("BRL", "BRL"),
    ("CHF", "CHF"),
    ("SEK", "SEK"),
    ("Rs.", "INR"),
    ("Rs", "INR"),
    ("RM", "MYR"),
    ("人民币", "CNY"),
    ("新台币", "TWD"),
    ("台币", "TWD"),
    ("港币", "HKD"),
    ("美元", "USD"),
)
"""Currency signs that stand before a figure, longest of one ending first."""

PER: dict[str, str] = {
    "kg": "kg", "kilogram": "kg", "kilogramme": "kg", "kilo": "kg", "公斤": "kg", "千克": "kg",
    "t": "t", "tonne": "t", "ton": "t", "metric ton": "t", "metric tonne": "t", "mt": "t", "吨": "t", "公吨": "t",
    "lb": "lb", "pound": "lb", "磅": "lb",
    "g": "g", "gram": "g", "克": "g",
    "oz": "oz", "ounce": "oz", "盎司": "oz",
    "share": "share", "股": "share",
    "year": "yr", "yr": "yr", "y": "yr", "a": "yr", "annum": "yr", "年": "yr",
    "day": "d", "d": "d", "天": "d", "日": "d",
    "month": "month", "mo": "month", "月": "month", "个月": "month",
    "week": "week", "周": "week", "quarter": "quarter", "季度": "quarter", "hour": "h", "小时": "h",
    "kw": "kW", "mw": "MW", "gw": "GW", "megawatt": "MW", "gigawatt": "GW", "kilowatt": "kW",
    "兆瓦": "MW", "吉瓦": "GW",
    "kwh": "kWh", "mwh": "MWh", "barrel": "barrel", "桶": "barrel",
}  # fmt: skip
"""What stands behind a slash, 每, per or a: the second side of a unit."""

THINGS: frozenset[str] = frozenset(
    listed(
        "unit vehicle car truck ev bev robot humanoid aircraft plane jet fighter submarine destroyer ship vessel hull"
        " turbine motor magnet phone machine drone missile piece battery engine plant system device set one 台"
        " 辆 架 艘 个 件 套"
        " 只 部 枚 颗 车 单车 机 机器人 台机器人 辆车 架战机 艘潜艇 支 块 座"
    )
)
"""Things that a unit may be counted per: they make it ``…/unit``."""
