"""Home to the words of the desk's frame, each in English and Chinese; a page brings its own in its file."""

from __future__ import annotations

from collections.abc import Mapping

from ytterby.desk.urls import Lang

FRAME: dict[str, tuple[str, str]] = {
    "skip": ("Skip to the content", "跳到正文"),
    "menu": ("Pages", "页面"),
    "search": ("Search", "搜索"),
    "search_hint": ("Search claims, rules, plants ( / )", "搜索论断、规则、工厂（ / ）"),
    "theme": ("Light or dark", "明或暗"),
    "other_language": ("中文", "English"),
    "crumbs": ("Where you are", "当前位置"),
    "data": ("Data", "数据"),
    "sources": ("Sources", "来源"),
    "joint": ("; ", "；"),
    "copy": ("Link", "链接"),
    "copied": ("Link copied", "已复制链接"),
    "copy_failed": ("The link could not be copied", "无法复制链接"),
    "link_here": ("Link to this section", "本节链接"),
    "assumed": ("assumed", "假设"),
    "contested": ("contested", "有争议"),
    "pending": ("pending", "待定"),
    "accepted": ("accepted", "已采纳"),
    "rejected": ("rejected", "已否决"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "of": ("{first}–{last} of {total}", "第 {first}–{last} 条，共 {total} 条"),
    "before": ("Previous", "上一页"),
    "after": ("Next", "下一页"),
    "nothing": ("Nothing here.", "无内容。"),
    "required": ("required", "必填"),
    "passage": ("Passage {n}", "第 {n} 段"),
    "refused": ("Not done", "未执行"),
    "where": ("Where", "位置"),
    "remedy": ("What to do", "如何处理"),
    "error_404": ("There is no such page", "没有这个页面"),
    "error_400": ("The request cannot be understood", "无法理解该请求"),
    "error_401": ("This desk asks for a token", "此桌面需要令牌"),
    "error_403": ("Refused", "已拒绝"),
    "error_405": ("This page takes no forms", "本页不接受表单"),
    "error_413": ("That is too large", "内容过大"),
    "error_414": ("The address is too long", "地址过长"),
    "error_500": ("A fault in Ytterby itself", "Ytterby 自身出错"),
    "error_503": ("The project cannot be read or written now", "项目目前无法读写"),
    "nearest": ("Did you mean", "您是否要找"),
    "token": ("Token", "令牌"),
    "token_help": ("It was printed when the desk was started.", "启动桌面时已打印。"),
    "token_go": ("Open the desk", "打开桌面"),
    "state_waiting": ("waiting", "等待中"),
    "state_running": ("running", "运行中"),
    "state_done": ("done", "已完成"),
    "state_failed": ("failed", "失败"),
    "state_cancelled": ("cancelled", "已取消"),
    "progress": ("{done} of {total}", "已完成 {done}/{total}"),
    "left": ("about {n} s left", "约剩 {n} 秒"),
    "left_minutes": ("about {n} min left", "约剩 {n} 分钟"),
    "footer": (
        "Every number leads to its sentence. Assumed figures are marked.",
        "每个数字都可追溯到原句。假设数据均有标记。",
    ),
    "save": ("Save this page", "保存本页"),
    "one_file": ("HTML, one file", "HTML 单一文件"),
    "save_file": (
        "Save this page as one HTML file that works without the desk",
        "将本页保存为可离线打开的单一 HTML 文件",
    ),
    "origin_project": ("Project", "项目"),
    "origin_address": ("Address on the desk", "在桌面中的地址"),
    "origin_day": ("Saved on", "保存日期"),
    "origin_run": ("Run", "运行"),
}


def say(lang: Lang, key: str, page: Mapping[str, tuple[str, str]] | None = None, **fields: object) -> str:
    """The words of `key` in a language, those of the page before those of the frame, with its fields filled in.

    >>> say("zh", "progress", done=3, total=8)
    '已完成 3/8'
    """
    pair = (page or {}).get(key) or FRAME[key]
    text = pair[lang == "zh"]
    return text.format(**fields) if fields else text


def chosen(accepted: str) -> Lang:
    """The language of a browser by what it says it accepts: Chinese where Chinese stands before English.

    >>> chosen("zh-CN,zh;q=0.9,en;q=0.8"), chosen("de,en;q=0.9,zh;q=0.3"), chosen("")
    ('zh', 'en', 'en')
    """
    best: tuple[float, Lang] = (0.0, "en")
    for part in accepted[:400].split(","):
        name, _, weight = part.strip().partition(";q=")
        found: Lang | None = "zh" if name[:2].lower() == "zh" else "en" if name[:2].lower() == "en" else None
        try:
            share = float(weight) if weight else 1.0
        except ValueError:
            continue
        if found and share > best[0]:
            best = (share, found)
    return best[1]
