"""Home to cue words: the words that tell what a figure is about, English and Chinese side by side.

A cue says only what it may mean; the kinds decide by what stands together. One word may bear several tags. Chinese
words are kept simplified, because they are looked for in folded text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

# tags, English forms, Chinese forms
_TABLE: tuple[tuple[str, str, str], ...] = (
    # what is measured
    (
        "export",
        "export|exports|exported|exporting|shipment|shipments|shipped|ships|shipping|went to|sold abroad|sent abroad"
        "|overseas sales|outbound shipments|exporter sales|outflows",
        "出口|出口量|出口额|出口总量|总出口|总出口量|出货|出货量|输往|输出|到港量|发运量|装船量|运往|销往|外销"
        "|对外销售|发往|装运"
        "|出口规模|外运|供货|发货|发货量",
    ),
    (
        "import",
        "buy|buys|bought|purchases|import|imports|imported|importing|purchases from|bought from"
        "|inbound shipments|inflows|took in|arrivals",
        "进口|进口量|进口额|进口总量|总进口|输入|进货|采购自|购自|运入|流入|到货|到货量",
    ),
    (
        "production",
        "produce|produced|produces|producing|production|producer|output|makes|made|making|mined|mines|mining"
        "|manufacture"
        "|manufactured|manufactures|manufacturing|build|built|builds|building|assemble|assembled|yielded|extracted"
        "|turned out|churned out|sold|sells|sell|delivered|deliver|deliveries|processed|refined|separated|smelted"
        "|recovered|recycled",
        "开工率|生产|一年产|产量|产出|总产量|制造|开采|开采量|年产|年产量|产了|造了|交付|产销|量产|投产|出产|生产量|产销量"
        "|处理量|下线|采出|分离出",
    ),
    (
        "capacity",
        "capacity|capacities|nameplate|throughput|nameplate capacity|production capacity|annual capacity"
        "|design capacity"
        "|capable of|ability to|designed for|built for|engineered for|rated at|sized for",
        "产能|年产能|总产能|设计产能|处理能力|生产能力|加工能力|年处理能力|名义产能|分离能力|年产能力|规划产能|设计年产|设计年产量"
        "|新增产能",
    ),
    (
        "ability",
        "can produce|can make|can refine|can separate|can process|can handle|can treat|can smelt|can recycle"
        "|can turn out"
        "|can mine|can supply|could produce annually|able to produce|able to make|able to process|able to refine"
        "|able to separate|designed to produce|designed to make|designed to process|will be able to",
        "可年产|可生产|能生产|可处理|能处理|可分离|能分离|可精炼|能精炼|年处理|可回收|能够生产|能够分离|可冶炼"
        "|能够处理|能够精炼",
    ),
    (
        "control",
        "export control|export controls|export curb|export curbs|export restriction|export restrictions|export ban"
        "|export bans|export limits|export licence|export licences|export license|export licenses|export permits"
        "|export licensing|import restrictions|import licence",
        "出口管制|出口限制|出口禁令|出口经营者|进口经营者|进口商|出口商|进出口",
    ),
    (
        "reserve",
        "reserve|reserves|deposit|deposits|resource of|resource|mineral resource|resources of|ore reserves"
        "|in-ground resources"
        "|holder of|ore reserve",
        "储量|资源量|矿石量|资源总量|蕴含|蕴藏|蕴藏量|探明储量|资源储量|矿藏|已探明|埋藏量",
    ),
    (
        "demand",
        "demand|consumption|consume|consumes|consumed|usage|offtake|requirements|need for",
        "需求|需求量|消费量|用量|消耗量|消耗|耗用|消费|需用",
    ),
    (
        "quota",
        "quota|quotas|allotment|allotted|allots|production cap|control target|control targets",
        "配额|指标|总量控制指标|配额量|额度",
    ),
    (
        "price",
        "price|prices|priced|pricing|cost of|costs of|quoted|quotes|trades at|trading at|traded at|fetch"
        "|fetched|fetches"
        "|changed hands|spot|assessed at|assessed|premium|per-kilogram|average selling price",
        "价格|报价|均价|现货价|售价|单价|成交价|价|市价|报每|报于|报收|报在|卖价|收购价|挂牌价|最低价|中间价"
        "|平均价|到岸价"
        "|离岸价|价位|溢价",
    ),
    (
        "floor",
        "floor price|price floor|minimum price|guaranteed price|guaranteed minimum",
        "底价|保底价|最低保障价|价格下限|保底价格|最低价格",
    ),
    (
        "tax",
        "resource tax|royalty|royalties|mining tax|levy on ore|export levy|tax|taxes",
        "资源税|矿产税|特许权使用费|矿税|缴税|纳税|征税|的税|出口税|税款|税费|税金",
    ),
    (
        "tariff",
        "tariff|tariffs|duty|duties|customs duty|import duty|import duties|levy|levies",
        "关税|税率|加征|反制关税|进口税",
    ),
    (
        "invest",
        "lending|adds|received|receives|secured|secures"
        "|backed by|subsidise|subsidises|subsidised|subsidize|subsidized|launch|launches|launched"
        "|invest|invests|invested|investing|investment|investments|scheme|programme|program|preferred stock"
        "|swap line|back|put|puts|lend|lends|lent|loan|loans|fund"
        "|funds|funded"
        "|funding|allocate|allocates|allocated|allocating|spend|spends|spent|spending|commit|commits|committed|grant"
        "|grants|granted|stake|acquire|acquires|acquired|buy a|financing|financed|finance|award|awards|awarded"
        "|contract"
        "|subsidy|subsidies|credit|guarantee|raise|raised|raises|raising|earmark|earmarked|earmarks|pledge|pledged"
        "|pledges|inject|injected|injects|pour|poured|pours|costs|cost|costing|equity|bond|budget|budgeted|buy"
        "|buys|purchase|purchases|mobilise|mobilize|mobilises|offers|offered|provide|provides"
        "|provided|package|paid|pay|pays|acquisition|takeover|deal worth|backing|set aside|sets aside|capital",
        "投资|动员|调动|出资|动员|调动|额度|互换|贷款|拨款|斥资|注资|融资|资助|补贴|投入|耗资|募资|入股|收购|拨出|预算"
        "|提供|借款|投资额|拨"
        "|总投资|基金|拨付|砸|耗费|花费|"
        "筹资|筹集|授信|债券|增资|定增|认购|造价|支出|补助|贷给|获得|拿到|获",
    ),
    (
        "revenue",
        "revenue|revenues|sales revenue|turnover|profit|net profit|earnings|income|net income|loss|ebitda|cash"
        "|market value"
        "|market capitalisation|market capitalization|valuation|valued|worth",
        "营收|营业收入|净利|净利润|利润|亏损|收入|销售额|市值|估值|现金|归母净利润|总额|金额|价值",
    ),
    (
        "worth",
        "export value|import value|by value|in value terms|trade worth",
        "出口额|进口额|贸易额|货值|出口金额|进口金额",
    ),
    (
        "stock",
        "stockpile|stockpiles|stockpiled|inventory|inventories|stocks|stockpiling",
        "库存|库存量|收储|存货|储备|囤货",
    ),
    (
        "need",
        "needs|need|requires|require|requiring|contains|contain|containing|uses|use|using|carries|holds"
        "|consumes|takes"
        "|needing|contained|incorporates|embeds|packs|goes into|go into|equipped with|required",
        "需|需要|含|含有|使用|用|要用|消耗|耗用|须用|用到|搭载|装有|需用|耗|用掉|用去",
    ),
    (
        "content",
        "content|by weight|by mass|purity|grade of|grading|assay|assays|weight share|mass share",
        "含量|纯度|品位|重量占比",
    ),
    # who holds what part
    (
        "share",
        "share|stake|market share|account for|accounts for|accounted for|accounting for|control|controls|controlled"
        "|controlling"
        "|hold|holds|holding|held|dominate|dominates|dominated|dominating|supply|supplies|supplied|supplying|make up"
        "|makes up|made up|represent|represents|represented|comprise|comprises|comprised|responsible for"
        "|provides|provide"
        "|provided|command|commands|commanded|proportion|captured|concentrated in|handles|handled|handle|originates"
        "|comes from|come from|came from|source of|constitutes|meet|meets|met|cover|covers|covered|covering|refines"
        "|mines|produces|makes|processes|separates|manufactures|owns|of the market|of global|of the world|of world"
        "|sits in|takes place in|done in|refining|made in|destined for|goes to|go to|satisfy|satisfies|serve|portion",
        "占|持股|股份|股权|占比|占有|占据|占到|约占|份额|市占率|市场份额|掌握|控制|控制着|掌控|供应|供应了"
        "|供给|提供|比重"
        "|占全球|满足|把持|垄断|"
        "主导|握有|拥有|产自|来自|出自|源自|贡献|承担|市占|比例|集中在|包办|几乎全部|覆盖|生产了",
    ),
    (
        "depend",
        "rely on|relies on|relied on|relying on|reliance|reliant|depend on|depends on|depended on|depending on"
        "|dependence"
        "|dependency|dependent|import reliance|sourced from|sources from|obtains|gets|got|bought|buys|buy"
        "|imports|imported"
        "|procures|sourced|drawn from",
        "依赖|依赖度|依存度|依靠|仰赖|仰仗|依赖于|倚赖|购自|进口自|采购自|依赖程度|对外依存度|取自",
    ),
    (
        "selfsuff",
        "self-sufficiency|self-sufficient|self-reliance|self sufficiency",
        "自给率|自给自足|自给|国产化率|自主率",
    ),
    # direction
    (
        "up",
        "rose|rise|rises|risen|rising|increase|increased|increases|increasing|grew|grow|grows|grown|growing"
        "|growth|up|higher"
        "|gain|gained|gains|climb|climbed|climbs|jump|jumped|jumps|jumping|surge|surged|surges|surging|soar"
        "|soared|soaring"
        "|rebounded|rebound|rebounds|recovered|more than double|expand|expanded|advance|advanced|leapt|leap"
        "|spiked|spike"
        "|doubled|doubling|double|tripled|triple|tripling|quadrupled|above|more|ahead|strengthened|accelerated|upturn"
        "|uptick|improved|boosted|boost|lifted|swelled|exceeding|added|raised|raise|raising|hiked|hike"
        "|multiplied|leaped|recover|recovering|rebounding|expanding|accelerate",
        "增加|增长|上升|上涨|提高|上调|攀升|飙升|激增|大增|走高|月增|年增|季增|同比增|环比增|回升|反弹|猛增"
        "|暴涨|升至|增至|涨至|增幅|涨幅|"
        "高出|高于|扩大|翻倍|翻番|翻一番|增|涨|升|多出|超出|劲增|成长|大涨|急升|扩张|调升|调高|推高|看涨|上扬"
        "|创新高|倍增|提升|跃升|扬升|增产|走强|转强|升温|逐步恢复|恢复增长",
    ),
    (
        "down",
        "fell|fall|falls|fallen|falling|drop|dropped|drops|dropping|decline|declined|declines|declining"
        "|decrease|decreased"
        "|decreases|decreasing|down|lower|slump|slumped|slumps|plunge|plunged|plunges|slid|slide|slides|shrank"
        "|shrink|shrunk"
        "|dipped|dip|dips|tumble|tumbled|tumbles|cut|cuts|reduced|reduce|reduction|halved|halving|halve|below"
        "|less|fewer"
        "|weakened|eased|sank|sunk|contracted|contraction|retreated|retreat|slipped|slip|lost|collapsed"
        "|collapse|plummeted"
        "|shed|downturn|slashed|trimmed|softened|cooled|nosedived|cratered|easing|ease|weaken|weakening|soften|softening|slow|slows"
        "|slowed|slowing|slowdown|pull-back|pullback|correction|sliding|slumping|shrinking",
        "减少|下降|下滑|下跌|缩减|萎缩|下调|月减|年减|季减|同比降|环比降|锐减|骤降|暴跌|回落|走低|大跌|大减"
        "|降至|跌至|减至|降幅|跌幅|减幅|"
        "低于|腰斩|减半|滑落|衰退|大降|跌|降|减|少于|下挫|重挫|急跌|骤减|调降|降低|降到|减产|收缩|急降|滑坡"
        "|探底|削减|压减|看跌|疲软|走弱|放缓|趋缓|回调|便宜|走软|收缩|趋弱|转弱|降温",
    ),
    # policy
    (
        "licence",
        "licence|licences|license|licenses|licensing|permit|permits|approval|approvals|authorisation|approved"
        "|authorization|application|applications|licensed",
        "许可|许可证|许可证件|获批|获准|出口许可|批件|核准|放行|出口许可证|通用许可|许可申请|准证",
    ),
    ("licence", "export licence|export licences|export license|export licenses|export permits|export licensing", ""),
    ("apply", "apply|applies|applied|application|applications|applicants|seeking", "申请|提出申请|申领"),
    (
        "review",
        "review|reviews|process|processing|approval time|lead time|wait|waiting|turnaround|takes|take|taking"
        "|took|delay"
        "|delays|delayed|waited|reviewed|processed|decision|decisions|clear|cleared|lead times|backlog",
        "审查|审批|审核|审理|处理|办理|等待|交期|审批周期|审批时间|耗时|需时|费时|办结|花|作出|延误|等候|审结|周期",
    ),
    (
        "valid",
        "valid|validity|run for|runs for|good for|lasts|last|expire|expires|one-year|term of|lasting",
        "有效期|有效|效期|为期|期限|期",
    ),
    (
        "halt",
        "halt|halts|halted|halting|stop|stopped|stops|stoppage|stoppages|stopping|pause|paused|pauses|idle|idled|idles"
        "|idling|shut"
        "|shut down|shuts|shutdown|closed|suspend|suspended|suspends|suspension|outage|furlough|embargo"
        "|cut off|cutoff|froze"
        "|freeze|shuttered|interrupted|ceased|cessation|mothballed",
        "停产|停工|停止|暂停|中断|停摆|停线|断供|关闭|停售|禁运|停运|停机|减产停工|歇业|停发|关停|停供",
    ),
    (
        "build",
        "construction|commissioning|build time|permitting|ramp-up|ramp up|develop",
        "建设周期|建设|建成|建设期|投建",
    ),
    ("facilities", "", "座|条"),
    (
        "facility",
        "plant|plants|factory|factories|facility|facilities|refinery|refineries|mine|mines|smelter|smelters"
        "|production line"
        "|production lines|lines|site|sites|furnaces|producer|producers|separators|magnet makers|kilns"
        "|warehouses|ports"
        "|collection facilities|separation plants|circuit|circuits|concentrators|mills|projects|project",
        "工厂|厂|磁厂|分离厂|冶炼厂|矿山|矿|生产线|产线|基地|项目|矿区|厂房|装置|精炼厂|回收厂|磁铁厂|磁材厂"
        "|矿点|港口|采矿点|矿场",
    ),
    (
        "norm",
        "must|shall|may not|required to|need to obtain|prohibited|subject to|not be approved|denied"
        "|presumption of denial"
        "|case by case|case-by-case|exempt|exempted|threshold|de minimis|qualify|eligible|not exceed|trigger|triggers"
        "|triggered|in principle|refused|barred|or it|falls under|caught|covered by|applies to|apply to|cap of"
        "|ceiling",
        "须|必须|不得|不予许可|逐案审批|逐案审查|原则上|门槛|豁免|应当|方可|视为|不予|禁止|限定|低于以下"
        "|需取得|应取得|应申请|纳入|不受|无须|无需|适用|不准|驳回",
    ),
    (
        "issue",
        "issued|issues|issue|published|publishes|publish|announced|announces|released|releases|promulgated|gazetted"
        "|unveiled|signed|signs|adopted|passed|ruled|rules|ruling|approved|posted|enacted|imposed|imposes|launched",
        "发布|公布|颁布|公告|印发|下发|发出|宣布|出台|签署|通过|裁定|裁决|联合发布|刊发|下达|签发|判定|提出|推出|颁发",
    ),
    (
        "force",
        "in force|effect|effective|enter into force|enters into force|entered into force|took effect"
        "|takes effect|take effect"
        "|apply from|applies from|came into force|comes into force|come into force|into effect|operative"
        "|started|starts"
        "|begins|began|begin|start|due to|kick in|kicks in|applied from|phased in",
        "施行|实施|生效|执行|起施行|起实施|起生效|起执行|正式实施|落地|启动|上路|开征",
    ),
    (
        "until",
        "until|till|through|expires on|lapses on|expires|lapses|to last until|valid until|runs until",
        "暂停期|截至|为止|到期|届满|止|截止",
    ),
    (
        "total",
        "total|overall|all destinations|worldwide|globally|in all|altogether|combined|global exports",
        "总|全球|合计|总计|共计|整体|总量|累计",
    ),
    (
        "annual",
        "annual|annually|a year|per year|yearly|each year|per annum|every year|this year|next year",
        "每年|一年|年均|全年|年产|年度|年产能",
    ),
    ("average", "average|mean|averaging|averaged", "平均|均价|均"),
    (
        "each",
        "each|every|per|a single|apiece|a typical|one",
        "每|一架|一台|一辆|一艘|每台|每架|每辆|每艘|每座|每部|每套|单台|单机|单车",
    ),
    # standing of what is said
    (
        "will",
        "will|would|could|may|might|shall|'ll|is to|are to|is set to|are set to|going to",
        "将|料降|料升|料达|将会|会在|会达|会升|会降|恐|可能|或将|或会|恐将|料将|可望|势将",
    ),
    (
        "forecast",
        "forecast|forecasts|forecasted|predict|predicts|predicted|prediction|predictions|projected"
        "|projects that|projection"
        "|projections|expected|expects|expect|expecting|likely|estimates that by|outlook|anticipate"
        "|anticipates|anticipated"
        "|foresees|sees|see|poised|on course|could reach|set to|is due to|expectations|predicting|forecasting"
        "|on track",
        "预计|预测|预期|有望|料降|料升|料达|料会|预估|估计将|展望|看好|预料|可望|估将|推估|研判|料将|势必|恐将",
    ),
    (
        "target",
        "originally due|was due to|were due to|supposed to|was to have"
        "|plan|plans|planned|planning|aim|aims|aimed|aiming|target|targets|targeted|targeting|goal|goals"
        "|intends|intend"
        "|intended|seeks to|ambition|ambitions|ambitious|hopes to|hope to|wants to|want to|vows|vowed"
        "|pledges to|proposes"
        "|proposed|exploring|considering|weighing|objective|looking at|looks to|strives|scheduled|slated",
        "计划|计画|规画|原订|原定|目标|拟|力争|打算|争取|规划|拟定|目标是|预定|致力于|希望|考虑|正考虑|研议|有意|着手|瞄准|力求",
    ),
    (
        "claimed",
        "is said to|are said to|claim|claims|claimed|claiming|alleges|alleged|allegedly|boasts|boasted"
        "|purportedly|insists|insisted"
        "|reiterated"
        "|asserts|asserted|maintains",
        "声称|自称|宣称|称可|据称|号称|坚称|重申|扬言|自诩",
    ),
    (
        "hedge",
        "reportedly|rumoured|rumored|unconfirmed|said to be|sources said|people familiar|is believed",
        "据悉|据传|传|传闻|消息人士|知情人士|有消息|网传|外传|据闻",
    ),
    (
        "say",
        "said|says|say|saying|told|tells|according to|reported|reports|report|noted|notes|stated|states|added"
        "|wrote|writes"
        "|estimates|estimate|estimated|calculates|calculated|puts|reckons|reckoned|cited|citing|quoted|argued"
        "|argues|warned"
        "|warns|believes|believe|confirmed|disclosed|showed|shows|show|data from|figures from|survey|found"
        "|finds|thinks"
        "|explained|revealed|commented|remarked|predicts|forecasts|projects|expects|sees|posted|traces"
        "|suggests|suggested",
        "说|称|表示|指出|据|报道|报导|测算|估算|认为|透露|引述|援引|估计|指|强调|回应|披露|统计|显示|预测|预计"
        "|写道|提到|估|预估|推算|告诉|坦言|"
        "研究|调查|测得|引用|相信|补充|分析|警告|提醒|宣称|声称|直言|透露说",
    ),
    (
        "inner",
        "founder|chief executive|ceo|chairman|president of|executive|managing director|company said",
        "创始人|创办人|首席执行官|董事长|总裁|执行长|负责人|总经理",
    ),
    (
        "shortage",
        "shortage|shortages|deficit|shortfall|undersupply|supply gap|supply crunch",
        "短缺|缺口|供不应求|供应缺口|不足|紧缺",
    ),
    (
        "policy",
        "tracking|announcement|announcements|suspend|suspends|suspended|suspending|suspension|export|exports|exported"
        "|exporting|import"
        "|imports|imported|licence|licences|license|licenses|licensing|licensed|tariff|tariffs|duty|duties"
        "|control|controls"
        "|controlled|curb|curbs|restrict|restricts|restricted|restricting|restriction|restrictions|ban|bans"
        "|banned|banning"
        "|embargo|blacklist|blacklisted|entity list|stockpile|stockpiles|stockpiling|stockpiled|floor|quota"
        "|quotas|exempt"
        "|exempts|exempted|exemption|exemptions|waive|waived|waiver|waivers|permit|permits|shipment|shipments"
        "|denial|denied"
        "|prohibit|prohibits|prohibited|prohibiting|report|reports|reported|reporting|traceability|tracking"
        "|rejected|refused"
        "|green channel|green lane|rule|rules|truce|sanctions|re-export|re-exports|bars|barred|may not|cannot"
        "|export controls"
        "|export control|export curbs|export restrictions|export restriction|export licence|export licences"
        "|export license"
        "|export licenses|export ban|export bans|export permits|export licensing|floor price|price floor"
        "|measures|targets|list|lists|liable|liability|forbidden|fined|penalty|penalties|fees|undertaking|end users"
        "|off-limits|moratorium|joint purchasing|only",
        "责任|罚款|规则|规定|新规|禁用|国营贸易|港务费|获批|批准|不批准|禁用|联合采购|中心|追溯|白名单|出口|进口|许可|许可证|许可证件|管制|管控|公告|关税|限制|禁止|禁令|禁运|清单|名单|收储"
        "|储备|底价|保底"
        "|保底价|指标|配额|豁免|审批|审查|"
        "列入|纳入|暂停|中止|不得|出口管制|出口限制|出口许可|出口经营者|断供|加征|不予许可|逐案审批"
        "|总量控制指标|进出口|未经许可|出口许可证|恢复|追溯|白名单",
    ),
    ("only", "only|sole", "唯一"),
    ("self", "its|their|his|our|domestic|home", "国内|本国|自身|境内"),
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue word at ``start`` to ``end``."""

    start: int
    end: int
    tags: frozenset[str]
    word: str


def find(folded: str) -> list[Cue]:
    """Every cue of a folded text in order, longest first, without overlap."""
    machine, words, tags = _machine()
    lowered = lower(folded)
    found: list[Cue] = []
    for index, start, end in machine.find_matches_as_indexes(lowered):
        word = words[index]
        if word[0] < "\u2e80" and not _stands_alone(lowered, start, end):
            continue
        found.append(Cue(start, end, tags[index], word))
    return found


def lower(text: str) -> str:
    """`text` in small letters, one character for one character."""
    # The dotted capital I is the one letter whose small form has two characters.
    return text.replace("\u0130", "I").lower()


def words(tag: str) -> tuple[str, ...]:
    """The words of a tag, English then Chinese."""
    return tuple(word for tags, en, zh in _TABLE if tag in tags.split() for word in f"{en}|{zh}".split("|") if word)


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (_latin(before) or _latin(after))


def _latin(char: str) -> bool:
    return char.isalnum() and char < "\u2e80"


@cache
def _machine() -> tuple[AhoCorasick, tuple[str, ...], tuple[frozenset[str], ...]]:
    merged: dict[str, set[str]] = {}
    for tags, en, zh in _TABLE:
        for word in f"{en}|{zh}".split("|"):
            if word:
                merged.setdefault(word, set()).update(tags.split())
    machine = AhoCorasick(
        list(merged), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
    )
    return machine, tuple(merged), tuple(frozenset(tags) for tags in merged.values())
