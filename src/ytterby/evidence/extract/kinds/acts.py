"""Home to acts: the words in which an authority controls, bans, suspends, lifts, relaxes, taxes or rules.

One row is an act: what it does, the English and the Chinese pattern (on folded text), and the words an object says it
with. Rows are tried in order; the first that fits a clause names it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ytterby.evidence.claims import Action, Modality


@dataclass(frozen=True, slots=True)
class Act:
    """One way of deciding."""

    action: Action
    words: str
    """How an object of a claim says it; ``{}`` takes the items."""
    en: re.Pattern[str] | None
    zh: re.Pattern[str] | None
    stems_en: tuple[str, ...]
    """A sentence (in small letters) without any of these cannot fit `en`: so most patterns need not be tried."""
    stems_zh: tuple[str, ...]
    mood: Modality | None = None
    """The modality the words themselves carry."""
    unless: re.Pattern[str] | None = None
    """What may not stand right before it: "must obtain a licence" grants none."""
    strict: bool = False
    """Whether the sentence itself must say who decides."""


_RULES_EN = (
    r"(?:announcement|export|import|trade|shipment|licen[cs]\w+|permit|control|curb|restriction|limit|ban|measure"
    r"|port fee|fee|levy|levies|tariff|dut(?:y|ies)|rule|polic(?:y|ies)|sanction|suspension|truce)\w*"
)
_RULES_ZH = r"(?:管制|管控|限制|许可|禁令|公告|措施|关税|港务费|港口费|费用|审查|审批|资质|资格|出口|进口|输华|禁运)"


_SPARED = (
    r"\b(?:exempt\w*|waiv\w*|lift\w*|eas(?:e|es|ed|ing)|suspend\w*|remov\w*|scrap\w*|relax\w*|end(?:ed|s|ing)?)\b[^.;]{0,24}$"
    r"|(?:解除|取消|豁免|暂停|放宽|撤销)[^。;,]{0,12}$"
)
"""Before a ban: that it is taken back or spares somebody."""


def row(
    action: Action,
    words: str,
    stems: tuple[str, str],
    en: str,
    zh: str,
    mood: Modality | None = None,
    *,
    unless: str = "",
    strict: bool = False,
) -> Act:
    """One row of a table of acts, its patterns compiled; stems are parted by ``|``, English before Chinese."""
    return Act(
        action,
        words,
        re.compile(en, re.IGNORECASE) if en else None,
        re.compile(zh) if zh else None,
        tuple(stems[0].split("|")),
        tuple(stems[1].split("|")),
        mood,
        re.compile(unless, re.IGNORECASE) if unless else None,
        strict,
    )


ACTS: tuple[Act, ...] = (
    row(
        "condition",
        "condition: {}",
        ("condition|depend|hinge|contingent|only if", "取决于|前提|条件|视"),
        r"\b(?:adjust\w*|changes?|eas\w+|lifting|removal)\b[^.;]{0,50}\b(?:depends? on|hinges? on"
        r"|conditional on|contingent on)\b"
        r"|\bon (?:the )?condition that\b|\bonly if\b[^.;]{0,40}\b(?:lift|ease|correct|remove)",
        r"(?:调整|取消|解除|放宽)[^。]{0,24}(?:取决于|前提|视)|以[^。,]{2,24}为(?:前提|条件)",
        "claimed",
    ),
    row(
        "negotiate",
        "tariff reductions",
        ("tariff|dut", "关税"),
        r"\b(?:explor\w+|consider\w*|weigh\w*|offer\w*|propos\w+|discuss\w*)\b[^.;]{0,40}\b(?:tariff|dut(?:y"
        r"|ies))\s+(?:reductions?|cuts?|relief|concessions?)",
        r"(?:考虑|探讨|研究|提议|愿意|拟)[^。]{0,16}(?:下调|降低|削减|减免)[^。]{0,6}关税",
        "target",
    ),
    row(
        "suspend",
        "suspension of {}",
        (
            "suspen|paus|shelv|hold|postpon|defer|stop|ceas|longer|not appl|not be appl",
            "暂停|中止|暂缓|搁置|推迟|停止|不再|暂不",
        ),
        rf"\b{_RULES_EN}[^.;]{{0,30}}\b(?:was|were|has been|have been|is|are|been)\s+(?:\w+ly\s+)?(?:suspended"
        rf"|paused|put on hold|shelved)\b|\b(?:suspend(?:s|ed|ing)?|paus(?:e|es|ed|ing)|shelv(?:e|es|ed|ing)"
        rf"|put on hold|postpon\w+"
        rf"|defer\w*)\b[^.;]{{0,60}}\b{_RULES_EN}"
        rf"|\b(?:suspension|pause|postponement)\s+of\b[^.;]{{0,50}}\b(?:{_RULES_EN}|announcements?)"
        r"|\b(?:(?:stops?|stopped|ceases?|ceased) (?:being |to be )?"
        r"|(?:(?:is|are|be|will) )?(?:no longer|not)(?: be)? )"
        r"(?:appl(?:y|ied|ying)|enforc(?:ed|ing)|in force|implemented)\b(?!\s+(?:for|to)\b)",
        rf"(?:暂停|中止|暂缓|搁置|推迟)(?!的|生产|供应|供货|接单|开采|运营|报价|交易|使用)(?:了|对|在)?(?:实施|执行|施行|适用|生效)?[^。;]{{0,40}}{_RULES_ZH}"
        r"|(?:规则|规定|措施|管制|关税|公告)[^。;,]{0,10}(?:暂停|推迟|暂缓|中止|延后)"
        r"|(?:暂停|中止|暂缓|搁置|推迟|停止|不再|暂不)(?:其|继续)?(?:实施|执行|施行|适用|生效)",
    ),
    row(
        "extend",
        "extension of {}",
        ("exten|prolong|renew", "延"),
        rf"\b{_RULES_EN}[^.;]{{0,30}}\b(?:was|were|has been|have been|is|are|been)\s+(?:\w+ly\s+)?(?:extended"
        rf"|prolonged|renewed)\b|\b(?:extend(?:s|ed|ing)?|prolong\w*|renew(?:s|ed"
        rf"|ing)?)\b[^.;]{{0,50}}\b(?:{_RULES_EN}|suspension"
        rf"|truce|pause|waiver)|\bextension of\b[^.;]{{0,30}}\b(?:{_RULES_EN}|truce|suspension)",
        r"(?:延长|延期|展期|延续)[^。;]{0,24}(?:暂停|休战|停火|措施|豁免|公告|许可|期限)|(?:暂停|措施|休战"
        r"|豁免)[^。;]{0,10}(?:延长|延期|展期)",
    ),
    row(
        "lift",
        "lifting of {}",
        ("lift|remov|scrap|revok|repeal|abol|rescind|roll|withdr|drop|end|cancel", "废止|取消|解除|撤销|终止|放开"),
        rf"\b{_RULES_EN}[^.;]{{0,30}}\b(?:was|were|has been|have been|is|are|been)\s+(?:\w+ly\s+)?(?:lifted"
        rf"|removed|scrapped|revoked|rescinded|rolled back)\b|\b(?:lift(?:s|ed|ing)?|remov(?:e|es|ed|ing)"
        rf"|scrap(?:s|ped|ping)?|revok\w+|repeal\w*|abolish\w*"
        rf"|rescind\w*|roll(?:s|ed|ing)? back|withdr[ae]w\w*|drop(?:s|ped)?(?! in\b)|ended|cancel(?:s|led"
        rf"|ling)?)\b[^.;]{{0,40}}\b{_RULES_EN}",
        rf"(?:废止|取消|解除|撤销|终止|放开)(?:了|对)?[^。;]{{0,30}}{_RULES_ZH}",
    ),
    row(
        "resume",
        "{} restored",
        ("resum|restor|reinstat|reimpos|restart", "恢复|重启|重新"),
        rf"\b{_RULES_EN}[^.;]{{0,30}}\b(?:was|were|has been|have been|is|are|been)\s+(?:\w+ly\s+)?(?:resumed"
        rf"|restored|reinstated|reimposed)\b|\b(?:resum(?:e|es|ed|ing)|restor(?:e|es|ed|ing)|reinstat\w+"
        rf"|reimpos\w+|restart(?:s"
        rf"|ed)?)\b[^.;]{{0,40}}\b{_RULES_EN}",
        rf"(?:恢复|重启|重新(?:实施|开放))(?:了|对)?[^。;]{{0,30}}{_RULES_ZH}",
    ),
    row(
        "relax",
        "faster export licence review",
        (
            "expedit|speed|fast|accelerat|streamlin|simplif|shorten|quicken|green",
            "加快|加速|简化|便利|优化|缩短|提速|绿色",
        ),
        r"\b(?:expedit\w+|speed(?:s|ed|ing)? up|fast[- ]track\w*|accelerat\w+|streamlin\w+|simplif(?:y|ies|ying"
        r"|ication)"
        r"|simplified(?!\s+(?:export )?licen)"
        r"|shorten\w*|quicken\w*)\b[^.;]{0,50}\b(?:review|approv\w+|licen[cs]\w*|permit\w*|application\w*|process\w*)"
        r"|\bgreen (?:channel|lane)\b",
        r"(?:加快|加速|简化|便利|优化|缩短|提速)[^。;]{0,24}(?:审查|审批|许可|办理|审核|申请)|绿色通道",
    ),
    row(
        "relax",
        "eased controls on {}",
        ("eas|relax|loosen|soften|grant|issu|approv|award", "放宽|放松|松绑|发放|核发|批准|颁发|批出"),
        rf"\b(?:eas(?:e|es|ed|ing)|relax(?:es|ed|ing)?|loosen\w*|soften\w*)\b[^.;]{{0,40}}\b{_RULES_EN}"
        r"|\b(?:grant(?:s|ed|ing)?|issu(?:e|es|ed|ing)|approv(?:e|es|ed|ing)|award(?:s"
        r"|ed)?)\b[^.;]{0,40}\b(?:general|simplified|streamlined|one[- ]year|year[- ]long|first|export"
        r"|new)\s+(?:\w+\s+){0,2}licen[cs]es?",
        rf"(?:放宽|放松|松绑)(?:了|对)?[^。;]{{0,30}}{_RULES_ZH}|(?:发放|核发|批准|颁发|批出)(?:了"
        rf"|首批)?[^。;]{{0,20}}(?:许可|许可证)",
    ),
    row(
        "exempt",
        "exemption of {}",
        ("exempt|waiv|carve|not apply|not covered|no licen", "豁免|不适用|不受|无需|无须|不需|不必|免于"),
        r"\b(?:exempt(?:s|ed|ing)?|waiv(?:e|es|ed|ing)|carve[- ]out|do(?:es)? not apply to|are not covered"
        r"|need(?:s|ed)? no (?:export )?(?:licen[cs]es?|permits?)|no (?:export )?licen[cs]e (?:is|was"
        r"|will be) (?:needed|required))\b",
        r"豁免|(?:不需|不必|免于)[^。,]{0,12}许可|(?:不适用于|不受[^。,]{0,16}(?:限制|管制|约束)|无需[^。,]{0,12}许可|无须[^。,]{0,12}许可)",
    ),
    row(
        "tariff",
        "tariff",
        ("tariff|dut|lev|fee", "关税|费"),
        r"\b(?:impos\w+|threaten\w*|rais(?:e|es|ed|ing)|cut(?:s|ting)?|lower\w*|slap\w*|levy\w*|levied"
        r"|announc\w+|doubl\w+|add(?:s|ed|ing)?)\b[^.;]{0,40}\b(?:tariffs?|dut(?:y|ies)|levies)"
        r"|\b(?:charg(?:e|es|ed|ing)|collect(?:s|ed|ing)?|impos\w+|levied|introduc\w+)\b[^.;]{0,40}\b(?:port"
        r"|special|docking"
        r"|vessel)\s+(?:\w+\s+)?(?:fees?|dues|charges)\b",
        r"(?:收取?|加收|征收|开征)[^。;]{0,16}(?:港务费|港口费|服务费|附加费|特别费)|(?:加征|开征|征收|下调|上调|提高|降低|威胁)[^。;]{0,24}关税",
    ),
    row(
        "ban",
        "ban on {}",
        (
            "ban|prohibit|bar|forbid|embargo|outlaw|not|halt|stop|cut|block|reject|refus|denied|denial|turned"
            "|standstill|allow|permit|moratorium|off-limits|off limits",
            "禁|不予|断供|停止|不得|不批|不准|不允|不许",
        ),
        r"\b(?:bann?(?:s|ed|ing)?|prohibit(?:s|ed|ing)?|bars?|barr(?:ed|ing)|forbids?|forbidding|embargo(?:es"
        r"|ed)?|outlaw\w*|(?:may|must|can|could) (?:not|no longer)|cannot)\b[^.;]{0,60}\b(?:exports?|imports?"
        r"|shipments?|sales?|use|purchas\w+|items?|sourc\w+"
        r"|buying|procur\w+|suppl\w+|transfers?|magnets?|technolog\w+)"
        r"|\b(?:halt(?:s|ed|ing)?|stopp?(?:s|ed|ing)?|cut(?:s|ting)? off|block(?:s|ed"
        r"|ing)?)\b[^.;]{0,24}\b(?:exports?|shipments?)\b"
        r"|\b(?:applications?|requests?)\b[^.;]{0,150}\b(?:will be|are|be|were) (?:in principle )?(?:rejected"
        r"|refused|denied|turned down)"
        r"|\b(?:exports?|shipments?|deliveries)\b[^.;]{0,40}\b(?:c[ao]me|ground|grind|brought) to a (?:halt"
        r"|standstill|stop)\b"
        r"|\bexport (?:ban|halt|embargo)\b|\b(?:presumption of denial|will not be (?:approved|granted)"
        r"|in principle (?:be )?(?:denied|refused))"
        r"|\b(?:exports?|shipments?|sales?|deliver\w+|suppl\w+|transfers?|imports?)\b[^.;]{0,80}\b(?:remains?"
        r"|are|is|were"
        r"|was|stays?|still)\s+(?:\w+\s+)?(?:forbidden|banned|prohibited|barred|off[- ]limits|outlawed)\b"
        r"|\bnot (?:be )?(?:approved?|granted?|permitted|licensed|allowed)\b[^.;]{0,20}\bin principle"
        r"|\bin principle\b[^.;]{0,110}\bnot (?:be )?(?:approved?|granted?|permitted|licensed|allowed)"
        r"|\b(?:will|do|does|would|is|are) (?:not|no longer) (?:allow(?:ed|ing)?|permit(?:ted|ting)?)\b"
        r"[^.;]{0,30}\b(?:exports?|shipments?|sales?|imports?)"
        r"|\b(?:told|ordered|instructed|asked)\b[^.;]{0,40}\b(?:not to|to stop|to halt)\s+(?:export|sell|ship"
        r"|suppl|deliver)\w*"
        r"|\bno ?(?:one|body)? may (?:export|ship|carry|transfer|provide)\b"
        r"|\b(?:may|must|shall) not (?:help|assist|support|provide|export|buy|sell|purchase|process|supply"
        r"|ship|mine|smelt"
        r"|transfer)\b"
        r"|\bmoratorium on\b[^.;]{0,40}\b(?:exports?|imports?|mining|shipments?)",
        r"禁用|禁止[^。;]{0,40}(?:出口|进口|使用|采购|销售|提供|转移|输出)|(?:原则上)?不予许可|禁运|断供"
        r"|原则上不(?:予)?(?:批准|允许|许可|核发|放行)|不予批准|不(?:允许|准许?|许)[^。,;]{0,20}(?:出口|外销|输出)"
        r"|(?:出口|销售|供应|转移|提供)[^。,;]{0,10}(?:禁止|被禁|在禁)|(?:仍|依旧|依然|一律|全面)(?:被|遭|属|列)?禁止"
        r"|停止[^。,;]{0,8}出口|不得(?:向|对)?[^。,;]{0,20}(?:出口|生产|开采|从事|收购|加工|销售|转让|提供)",
        unless=_SPARED,
    ),
    row(
        "list",
        "control list: {}",
        ("list|state trad", "清单|名单|国营贸易|目录"),
        r"\b(?:add(?:s|ed|ing)?|plac(?:e|es|ed|ing)|put|puts)\b[^.;]{0,50}\b(?:to|on"
        r"|onto)\b[^.;]{0,24}\b(?:list|blacklist|entity list|control list|watch list)\b|\bblacklist(?:s|ed|ing)\b"
        r"|\b(?:under|subject to)\s+state[- ]trad(?:ing|e)\b",
        r"(?:列入|纳入|加入|增列|列为)[^。;]{0,30}(?:清单|名单|目录|国营贸易)|(?:实行|实施)国营贸易",
    ),
    row(
        "stockpile",
        "stockpile of {}",
        ("stockpil|strategic|reserve", "储"),
        r"\b(?:stockpil(?:e|es|ed|ing)|strategic (?:reserve|stockpile)|reserves? of (?:critical|strategic|rare|key))\b",
        r"收储|国家储备|战略储备|战略库存",
    ),
    row(
        "floor_price",
        "price floor for {}",
        ("price", "价"),
        r"\b(?:floor price|price floor|minimum price|guaranteed price)\b",
        r"保底价|最低(?:保障)?价|底价|价格下限",
    ),
    row(
        "quota",
        "quota for {}",
        ("quota|target", "配额|指标"),
        r"\b(?:set(?:s)?|issu(?:e|es|ed)|allocat\w+|releas\w+)\b[^.;]{0,30}\b(?:quotas?|control targets?)"
        r"|\b(?:quotas?|control targets?)\b[^.;]{0,40}\b(?:were|was|are|is|have been"
        r"|has been)\s+(?:\w+\s+)?(?:issued|handed"
        r" out|allocated|released|assigned|distributed)\b"
        r"|\b(?:groups|companies|firms)\s+(?:receive|get|hold|are given|were given)\s+(?:\w+\s+)?quotas?\b",
        r"(?:配额|指标)[^。;,未不没]{0,16}(?:下达|下发|发布|公布|分配|发放)|(?:下达|下发|发布|公布|分配)[^。;]{0,20}(?:配额|指标)",
    ),
    row(
        "tighten",
        "tighter controls on {}",
        ("tight|tough|step|widen|expand|broaden|strengthen", "收紧|加强|加码|升级|强化|扩大|从严|趋严"),
        r"\b(?:export|import|control|curb|restriction|ban|measure|tariff|rule|licen[cs]|truce"
        r"|suspension)\w*[^.;]{0,30}\b(?:was|were|has been|have been|is|are|been)\s+(?:\w+ly\s+)?(?:tightened"
        r"|toughened|widened)\b|\b(?:tighten(?:s|ed|ing)?|toughen\w*|step(?:s|ped|ping)? up|widen(?:s|ed|ing)?"
        r"|expand(?:s|ed|ing)?"
        r"|broaden(?:s|ed)?|strengthen\w*)\b[^.;]{0,40}\b(?:controls?|curbs?|restrictions?|licens\w+|scrutiny"
        r"|checks?|rules?|enforcement)",
        r"(?:收紧|加强|加码|升级|强化|扩大|从严)(?:了|对)?[^。;]{0,24}(?:管制|管控|审查|限制|审批|监管)"
        r"|(?:审查|审批|管制)趋严",
    ),
    row(
        "condition",
        "reporting duty: {}",
        ("must|have to|has to|required|ordered", "须|应|必须|要求"),
        r"\b(?:must|have to|has to|are required to|is required to|ordered\b[^.;]{0,40}\bto)\s+(?:\w+\s+)?"
        r"(?:report|enter|declare|register|record|trace|submit|disclose)\b",
        r"(?:须|应当?|必须|要求)[^。,;]{0,30}(?:报送|填报|上报|登记|申报|追溯|录入)",
    ),
    row(
        "control",
        "tracking of {}",
        ("track|traceab", "追溯|白名单"),
        r"\b(?:launch\w*|set(?:s|ting)? up|introduc\w+|roll(?:s|ed|ing)? out|requir\w+|creat\w+|establish\w*"
        r"|build\w*)\b[^.;]{0,60}"
        r"\b(?:tracking|traceability|track-and-trace)\b",
        r"(?:建立|上线|推出|要求|启用|实行|实施)[^。;]{0,30}(?:追溯|白名单)",
    ),
    row(
        "control",
        "{} under control",
        ("under", "总量|配额|指标"),
        r"\b(?:plac\w+|brought|bring\w*|puts?)\b[^.;]{0,110}\bunder\b[^.;]{0,30}\b(?:controls?|quotas?"
        r"|licen[cs]\w*|permits?)\b",
        r"(?:纳入|实行|置于)[^。;]{0,20}(?:总量控制|配额管理|指标管理|总量调控)",
    ),
    row(
        "control",
        "re-export licence: {}",
        ("export|foreign|made |overseas", "境外|海外|中国以外|再出口|第三国"),
        r"\b(?:re-?export\w*|foreign[- ]made|made (?:abroad|overseas|outside)|overseas (?:entities"
        r"|organi[sz]ations|firms))\b[^.;]{0,160}\b(?:licen[cs]\w*|permit\w*|approval)",
        r"(?:境外|海外|中国以外|再出口|第三国)(?!的?军|的?国防|的?最终用户)[^。;]{0,80}(?:许可|审批|申请)",
    ),
    row(
        "control",
        "export licence: {}",
        (
            "requir|must|need|have to|has to|oblig|shall|impos|introduc|plac|put|appl|announc|adopt|launch"
            "|subject|under|restrict|control",
            "管制|许可|申请|限制",
        ),
        r"\b(?:requir(?:e|es|ed|ing)|must|need(?:s|ed)?(?: to)?|have to|has to|obliged to"
        r"|shall)\b[^.;]{0,80}\b(?:licen[cs]\w*|permits?|approval|apply)"
        r"|\b(?:impos(?:e|es|ed|ing)|introduc\w+|plac(?:e|es|ed|ing)|put|puts|appl(?:y|ies|ied)|announc\w+"
        r"|adopt\w*|launch\w*)\b[^.;]{0,60}\b(?:export controls?|export curbs?|export restrictions?"
        r"|licen[cs]\w+ (?:requirement|regime|system|rules?)|restrictions? on|controls? on|curbs? on)"
        r"|\b(?:subject to|under)\b[^.;]{0,16}\b(?:export controls?|licensing|export licen[cs]\w*"
        r"|licen[cs]ing)\b|\brestrict(?:s|ed|ing)?\b[^.;]{0,30}\bexports?\b|\bexport controls? (?:on|over)\b",
        r"(?:实施|实行|施加|采取|决定|推出|出台|公布)[^。;]{0,28}(?:出口管制|出口许可|许可管理|管制措施|管制)"
        r"|(?:须|应当?|必须|需|要)(?!要\d)[^。,;\d]{0,40}(?:许可|申请)|未经许可[^。;]{0,24}不得"
        r"|纳入[^。;]{0,24}(?:管制|管控"
        r"|许可|出口)|列管|限制[^。,;]{0,14}出口",
    ),
)
