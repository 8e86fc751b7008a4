"""Home to page furniture: the lines of a page that belong to the page and not to the article."""

from __future__ import annotations

import re

_WORDS = re.compile(
    r"workflows?|icons?|logo|image|photo|video|audio|menu|main menu|home|homepage|search(?: documents| results| site)?|"
    r"search\s*[.…]*|filters?|settings|share(?: this| article| this article| on .{1,20})?|print(?: this)?(?: page)?|"
    r"e-?mail(?: this)?|copy(?: link)?|link copied!?|facebook|twitter|x|linkedin|whatsapp|telegram|reddit|wechat|weibo|"
    r"instagram|youtube|rss|save|bookmark|like|likes|comments?(?: ?\(?\d+\)?)?|reply|follow(?: us)?(?: on .{1,20})?|"
    r"subscribe(?: now| to .{1,40})?|sign ?(?:in|up|out)|log ?(?:in|out)|register|(?:free )?newsletters?|my account|"
    r"skip to (?:main )?content|back to top|(?:read|load|show|see|view|learn) (?:more|less|all)\W*|more|next|previous|"
    r"continue reading\W*|advertisements?|advert|ad|sponsored(?: content)?|promoted|related (?:articles?|stories|news|"
    r"topics|posts)\W*|recommended(?: for you)?|most (?:read|popular|viewed)|trending(?: now)?|latest news|tags?\W*|"
    r"topics\W*|categories|loading\W*|\d+ ?(?:min(?:ute)?s?)(?: read)?|\d+ (?:views|shares|likes|comments)|"
    r"listen(?: to (?:this )?article)?|play|pause|close|cancel|ok|accept(?: all)?|reject(?: all)?|manage (?:cookies|"
    r"preferences)|privacy (?:policy|notice)|cookie (?:policy|notice|settings)|"
    r"terms (?:of (?:use|service)|and conditions)|"
    r"contact(?: us)?|about(?: us)?|help|faq|sitemap|all rights reserved\W*|copyright\W.*|©.*|\(c\) \d{4}.*|"
    r"page \d+(?: of \d+)?|\d+ ?/ ?\d+|citations?|references|sources|documents?|ask (?:ai|a question)|new chat|upload|"
    r"首页|主页|菜单|导航|搜索|搜索文档|检索|图标|图片|视频|工作流|分享(?:到.{0,8})?|转发|收藏|点赞|打印|复制(?:链接)?|"
    r"登录|登入|注册|退出|订阅|关注(?:我们)?|评论(?:区)?|发表评论|\d*条?评论|留言|相关(?:阅读|新闻|文章|推荐|链接)\W*|推荐阅读\W*|"
    r"热门(?:文章|新闻|推荐)?|延伸阅读\W*|更多|查看更多|加载更多|展开(?:全文)?|收起|阅读(?:全文|原文|更多)|点击(?:查看|进入).{0,12}|"
    r"上一[篇页条]\W?.{0,40}|下一[篇页条]\W?.{0,40}|返回(?:顶部|首页|列表)?|回到顶部|广告|赞助|微信|微博|朋友圈|qq(?:空间)?|"
    r"微信扫一扫.{0,20}|扫码.{0,20}|扫描二维码.{0,20}|字号\W?.{0,12}|大\s*中\s*小|责任?编辑\W.{0,20}|责编\W.{0,20}|编辑\W.{1,12}|"
    r"校对\W.{1,12}|免责声明.{0,60}|版权(?:所有|声明).{0,60}|未经(?:授权|许可).{0,20}转载.{0,20}|举报|纠错|隐私(?:政策)?|"
    r"使用条款|联系我们|关于我们|网站地图|下载app.{0,20}|打开app.{0,20}|.{0,8}客户端|阅读\s*\d+|浏览(?:次数|量)?\W?\s*\d+.{0,4}|"
    r"\d+(?:次)?(?:阅读|浏览)|标签\W.{0,60}|关键[词字]\W.{0,60}|听新闻|朗读|第\s?\d+\s?页(?:.{0,3}共\s?\d+\s?页)?",
    re.IGNORECASE,
)
_COOKIE = re.compile(r"\bcookies?\b", re.IGNORECASE)
_CONSENT = re.compile(
    r"\b(?:accept|agree|consent|use|uses|using|settings|preferences|privacy)\b|同意|接受|隐私|使用", re.I
)
_RIGHTS = re.compile(r"(?:©|\(c\)\s|copyright\b).{0,120}$|all rights reserved|版权所有|京?ICP备", re.IGNORECASE)
_SIGNS = re.compile(r"[\W_]+")
LONGEST = 60
"""Lines beyond this many characters are furniture only where they speak of cookies or rights."""


def furniture(folded: str) -> bool:
    """Whether a folded line, without blanks around it, is page furniture."""
    size = len(folded)
    if size <= LONGEST and (_WORDS.fullmatch(folded) or _SIGNS.fullmatch(folded)):
        return True
    if size > 300:
        return False
    if _COOKIE.search(folded) and _CONSENT.search(folded):
        return True
    return size <= 160 and _RIGHTS.search(folded) is not None
