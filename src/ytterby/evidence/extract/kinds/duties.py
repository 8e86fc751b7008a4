"""Home to duties: licences handed out, who alone may act, what must be reported, what a breach costs, wider reach.

Rows like those of `acts`; `FIRST` go before them, because their words are more particular, `LAST` behind them.
"""

from __future__ import annotations

from ytterby.evidence.extract.kinds.acts import Act, row

_LICENCES_EN = r"(?:licen[cs]es?|permits?|approvals?|authori[sz]ations?|clearances?)"
_DUE = (
    r"(?:\b(?:must|need(?:s|ed)?|requir\w+|have to|has to|had to|obliged|without|before|until|unless|not|never|yet"
    r"|hopes?|hoping|seek\w*|wait\w*|struggl\w+|trying|fail\w*|may|can|could|should|for|nobody|none)\s+(?:\w+\s+){0,2}"
    r"|(?:须|需|(?<!供)应(?![商链])|未|没|待|尚|方[可能]|才|若|如|望|争取|必须|否)[^,。;]{0,8}|(?:从|自)[^,。;]{0,16}[到至])$"
)
"""Before the words of a grant: that it is asked for, wanted or has not come."""

FIRST: tuple[Act, ...] = (
    row(
        "relax",
        "export licences granted: {}",
        (
            "now ha|now ho|already h|receiv|obtain|secur|got |gets |won |granted|issued|awarded|approv|grants"
            "|issues|clear|given",
            "拿到|获|取得|领到|收到|批准|核准|核发|发放|颁发|批出|签发",
        ),
        rf"\b(?:receiv(?:e|es|ed|ing)|obtain(?:s|ed|ing)|secur(?:es|ed|ing)|got|gets|won|gained)\b[^.;,]{{0,50}}"
        rf"\b{_LICENCES_EN}\b(?!\s+(?:applications?|requests?|requirements?|holders?|process))"
        rf"|\b(?:now|already) (?:have|has|hold|holds)\b[^.;,]{{0,20}}\b{_LICENCES_EN}\b"
        rf"|\b(?:been|was|were)\s+(?:granted|issued|given|awarded)\b[^.;,]{{0,40}}\b{_LICENCES_EN}\b"
        rf"|\b(?:{_LICENCES_EN}|applications?)\b[^.;,]{{0,40}}\b(?:was|were|have been|has been|had been|are being|been)"
        r"\s+(?:\w+\s+)?(?:granted|issued|approved|cleared|given)\b"
        r"|\b(?:grant(?:s|ed|ing)?|issu(?:es|ed|ing)|approv(?:es|ed|ing)|award(?:s|ed)|clear(?:s|ed|ing)|handed out)\b"
        rf"[^.;,]{{0,50}}\b(?:{_LICENCES_EN}|applications?)\b",
        r"(?:拿到|获得|取得|获发|获颁|领到|收到|获批)[^。;,]{0,24}(?:许可证?|准证|批文)(?!申请)"
        r"|(?:批准|核准|核发|发放|颁发|批出|签发)(?:了)?[^。;,]{0,24}(?:申请|许可证?|准证)"
        r"|批准(?:了)?[^。;,]{0,12}出口|(?:申请)[^。;,]{0,8}(?:予以|均获|已经?)(?:批准|许可|核准)"
        r"|(?:许可|申请|许可证)[^。;,]{0,10}(?:获批|获准|获得批准|已批准|已核准|陆续批准)",
        unless=_DUE,
    ),
    row(
        "condition",
        "individual licences only: {}",
        ("general licen|blanket licen|simplified licen|individual licen", "通用许可|便利措施"),
        r"\bno (?:general|simplified|blanket)(?: export)? licen[cs]es?\b"
        r"|\b(?:not|barred from|excluded from|without)\b[^.;]{0,30}\b(?:general|simplified|blanket)(?: export)?"
        r" licen[cs]\w*"
        r"|\bonly\b[^.;,]{0,20}\bindividual licen[cs]es?\b|\bindividual licen[cs]es? only\b",
        r"不(?:得|能|予|发|适用|可|再)[^。;,]{0,12}(?:通用许可|便利措施)",
    ),
    row(
        "condition",
        "penalty: {}",
        (
            "liab|fined|penalt|risk losing|prosecut|punish|legal responsib|quota",
            "责任|罚|没收|吊销|核减|查处|追责|惩处",
        ),
        r"\b(?:held\s+(?:\w+\s+)?(?:liable|responsible|accountable)|(?:be|are|is|bear"
        r"|bears)\s+(?:\w+\s+)?liab(?:le|ility)"
        r"|(?:be|are|being) (?:fined|prosecuted|punished|penali[sz]ed)|risk losing|(?:faces?|risks?|carr(?:y"
        r"|ies))\s+(?:\w+\s+)?"
        r"(?:fines?|prosecution|penalt(?:y|ies)|punishment)|los(?:e|es|ing)[^.;,]{0,24}\bquotas?)\b"
        r"|\bquotas?\s+(?:will be |may be |are )?(?:docked|cut as a penalty|withdrawn)\b",
        r"(?:追究|承担)[^。;,]{0,10}责任|处以?[^。;,]{0,10}罚款|(?:没收|吊销)[^。;,]{0,10}(?:所得|许可|执照|资格)"
        r"|核减[^。;,]{0,12}(?:指标|配额)|依法(?:处罚|查处|惩处|追责)",
    ),
    row(
        "condition",
        "designated firms only: {}",
        ("only ", "只有|仅限|仅有|仅由|只能由"),
        r"\bonly (?:by )?(?:designated|approved|authori[sz]ed|state[- ]owned|listed|qualified|certified)\b[^.;]{0,40}"
        r"\b(?:may|can|are allowed|are permitted|to (?:mine|smelt|export|refine|separate))\b"
        r"|\bmay (?:only )?be (?:mined|smelted|separated|exported|processed|carried out) only by\b",
        r"(?:只有|仅有)[^。;]{0,30}(?:才可|方可|才能|可以|得以|能够)|(?:仅限|仅由|只能由)[^。;,]{0,30}(?:开采|冶炼|分离|生产"
        r"|出口|经营|从事)",
    ),
    row(
        "quota",
        "counts against the quota: {}",
        ("quota", "占用|计入|纳入"),
        r"\b(?:count(?:s|ed)?|charged|deducted)\b[^.;,]{0,24}\b(?:against|towards?|from|under|as part of)\b"
        r"[^.;,]{0,24}\bquotas?\b",
        r"(?:占用|计入)[^。;,]{0,12}(?:指标|配额|总量)|纳入[^。;,]{0,8}(?:指标|配额|总量)",
    ),
    row(
        "control",
        "wider controls, foreign-made items: {}",
        ("extend|widen|expand|reach", "延伸|扩大|扩及|涵盖|适用"),
        r"\b(?:extend(?:s|ed|ing)?|widen(?:s|ed|ing)?|expand(?:s|ed|ing)?|reach(?:es|ed|ing)?)\b[^.;]{0,50}\bto\s+"
        r"(?:\w+\s+){0,3}?(?:foreign[- ]made|overseas|goods made|products made|items made|third[- ]country|foreign)\b"
        r"|\b(?:extend(?:s|ed|ing)?|widen(?:s|ed|ing)?)\s+(?:(?:its|their|the|export|licensing)\s+){0,3}"
        r"(?:jurisdiction|reach|controls?|curbs|restrictions|licensing)\s+to\s+(?!\d|(?:January|February|March"
        r"|April|May|June"
        r"|July|August|September|October|November|December|the end|mid|late|early|next|20)\b)",
        r"(?:延伸|扩大|扩及|扩展)(?:到|至|适用于)?[^。;,]{0,16}(?:境外|海外|外国|第三国)",
    ),
)
"""Tried before the acts."""

LAST: tuple[Act, ...] = (
    row(
        "condition",
        "reporting duty: {}",
        ("must|have to|has to|required|requires|requiring|obliged|shall", "须|应|必须|要求|需|要|义务"),
        r"\brequir(?:es|ed|ing)\s+(?:[\w-]+\s+){1,5}to\s+(?:report|log|register|record|declare|disclose|trace|enter|submit)\b"
        r"|\b(?:must|have to|has to|are required to|is required to|are obliged to|shall)\s+(?:(?:also|now|\w+ly)\s+)?"
        r"(?:inform|notify|tell|log|name|keep (?:records|accounts|a)|file|certify|state|label|hand over"
        r"|provide|prove|show|present|set up)\b"
        r"[^.;]{0,80}\b(?:end[- ]users?|undertakings?|documents?|records?|certificates?|traceab\w+|flows?|origin"
        r"|contracts?|data|information|statements?|quota|licen[cs]\w*|use|buyers?|customers?|controls?|batch\w*)\b",
        r"(?:须|应当?|必须|需|要求|要)[^。,;]{0,6}(?:登记|录入|报告|备案)[^。,;]{0,8}(?:流向|数据|去向|用途|信息|台账)"
        r"|(?:有|负有)义务[^。;]{0,16}(?:告知|报告|说明|提交)|(?:须|应当?|必须|需)[^。,;]{0,8}告知[^。,;]{0,10}(?:管制|限制|用途|用户)|(?:须|应当?|必须|需|要求)[^。,;]{0,24}(?:提交|出具|提供|附上|建立|注明|保存)[^。,;]{0,24}(?:承诺|声明|证明|说明|文件|资料"
        r"|用户|台账|记录|合规|追溯|流向)",
    ),
    row(
        "condition",
        "traceability: {}",
        ("traceab|tracking system", "追溯|流向"),
        r"\b(?:set(?:s|ting)? up|establish\w*|introduc\w+|launch\w*|creat\w+|requir\w+|build\w*|built)\b[^.;]{0,50}"
        r"\b(?:traceab\w+|tracking system)",
        r"(?:建立|实行|推行|实施|上线|启用|推出|开展)[^。;,]{0,20}(?:追溯|流向)",
    ),
    row(
        "condition",
        "case-by-case review: {}",
        ("case-by-case|case by case", "逐案"),
        r"\bcase[- ]by[- ]case\b",
        r"逐案(?:审批|审查|审核|批准)",
    ),
    row(
        "control",
        "export control: {}",
        ("controlled|licence|license|under |cover|appl", "管制|受管|列管|管控|涵盖|覆盖|适用于|扩及"),
        r"\b(?:elements?|metals?|earths?|items?|magnets?|technolog\w+|equipment|products?|exports?|[a-z]+ium|alloys?"
        r"|oxides?)\b[^.;]{0,70}\b(?:will be|are|is|be|were|was|have been|has been|remains?|become|became)\s+"
        r"(?:(?:now|also|still|already|\w+ly)\s+)?(?:controlled|(?:placed |put |brought )?under (?:export )?"
        r"(?:control|licen[cs]\w+)|licensed)\b"
        r"(?!\s+by)"
        r"|\b(?:rules?|controls|measures?|announcement|notice|curbs"
        r"|restrictions)\b(?: No\.? ?\d+)?\s+(?:also\s+|now\s+)?"
        r"(?:cover|apply to|applies to|extend to|extends to)(?:s|ed)?\b"
        r"|\b(?:has|have|had|now)\s+(?:\w+\s+)?controlled\b[^.;,]{0,40}\b(?:earths|elements|metals|items"
        r"|exports|technolog\w+)\b",
        r"(?:新规|公告|措施|规定|条例|管制)(?:还|也|则|并)?(?:涵盖|覆盖|适用于|扩及|及于)"
        r"|(?<!不)(?:受到?|遭到?|被)(?:出口)?(?:管制|管控|限制出口)|公告(?:则|也|还|将|又)?管制|(?<!受)管制(?:了"
        r"|着)?(?:[一二三四五六七八九十两\d]+)(?:种|类|项)"
        r"|(?:受管制?|列管|管制)的?[^。;,]{0,8}(?:元素|物项)[^。;,]{0,3}(?:达|有|增至|共|为)"
        r"|对[^。;,]{2,40}(?:实施|实行|进行)(?:出口)?(?:管制|管控)",
    ),
    row(
        "relax",
        "general licences: {}",
        ("general licen|one-year licen|year-long licen|blanket licen", "通用许可"),
        r"\b(?:general|one[- ]year|year[- ]long|blanket)(?: export)? licen[cs]es?\b[^.;]{0,40}\b(?:lets?"
        r"|allows?|permits?"
        r"|covers?|enables?)\b",
        r"通用许可[^。;,]{0,12}(?:允许|适用|涵盖|可)",
    ),
    row(
        "tariff",
        "possible price floors, quotas or tariffs",
        ("follow", "跟进"),
        r"\b(?:price floors?|quotas?|tariffs?|duties|curbs?|sanctions|restrictions?"
        r"|controls)\b[^.;]{0,40}\b(?:may|might"
        r"|could|will|would)\s+(?:also\s+|soon\s+)?follow\b",
        "",
        "forecast",
    ),
    row(
        "fund",
        "new body: {}",
        ("joint purchas|joint buying|centre|center|agency|alliance|platform", "中心|平台|联盟|联合采购|共同采购"),
        r"\b(?:set(?:s|ting)? up|establish\w*|creat\w+|launch\w*|propos\w+)\b[^.;]{0,50}\b(?:joint (?:purchas|buy)ing"
        r"|(?:raw[- ]materials?|minerals?) (?:centre|center|agency|alliance|club|platform))\b",
        r"(?:设立|成立|组建|建立|筹设)[^。;,]{0,24}(?:原料|矿产|矿物|材料|稀土)[^。;,]{0,6}(?:中心|平台|联盟)|(?:联合|共同)采购",
        strict=True,
    ),
)
"""Tried behind the acts."""
