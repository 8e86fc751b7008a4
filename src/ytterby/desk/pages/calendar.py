"""Home to the page that counts Chinese working days, from a day on or between two, and what makes the count long."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from ytterby.desk import lawyerly
from ytterby.desk.blocks import Block, Cell, Column, Facts, Field, Form, Link, Notice, Table, Text
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown
from ytterby.desk.pages import rules

if TYPE_CHECKING:
    from ytterby.project import Project

WORDS = {
    **lawyerly.WORDS,
    "nav": ("Working days", "工作日"),
    "title": (
        "{n} working days from {start} end on {end}, {calendar} calendar days later",
        "自 {start} 起第 {n} 个工作日为 {end}，历时 {calendar} 个自然日",
    ),
    "title_between": (
        "{n} working days lie between {start} and {end}",
        "{start} 至 {end} 之间有 {n} 个工作日",
    ),
    "basis": (
        "Days on which Chinese offices work, make-up days included; the first day itself is day 0",
        "中国机关工作日，含调休上班日；起始日为第 0 天",
    ),
    "start": ("From", "起始日"),
    "days": ("Working days", "工作日数"),
    "days_help": (
        "45 is the review of Order 792, counted from acceptance",
        "45 为国务院令第792号的审查期限，自受理起算",
    ),
    "until": ("Or up to a day", "或截至某日"),
    "until_help": ("Then the days between are counted", "填写后计算两日之间的工作日"),
    "count": ("Count", "计算"),
    "form": ("What to count", "计算内容"),
    "end": ("Ends on", "截止日"),
    "calendar_days": ("Calendar days", "自然日"),
    "closed": ("Weekdays off", "放假的平日"),
    "made_up": ("Weekend days worked", "调休上班日"),
    "counted": ("Working days", "工作日"),
    "special": (
        "{closed} weekdays off and {made_up} weekend days worked make the count what it is",
        "其间平日放假 {closed} 天，周末调休上班 {made_up} 天",
    ),
    "special_none": ("No holiday and no make-up day falls between", "其间没有放假或调休"),
    "special_basis": ("The counted time; the dotted line is today", "计算期间；虚线为今天"),
    "special_far": ("The counted time", "计算期间"),
    "day": ("Day", "日期"),
    "weekday": ("Day of the week", "星期"),
    "what": ("What", "性质"),
    "off": ("offices closed", "放假"),
    "worked": ("offices work", "上班"),
    "w0": ("Monday", "星期一"),
    "w1": ("Tuesday", "星期二"),
    "w2": ("Wednesday", "星期三"),
    "w3": ("Thursday", "星期四"),
    "w4": ("Friday", "星期五"),
    "w5": ("Saturday", "星期六"),
    "w6": ("Sunday", "星期日"),
    "provisional": (
        "Provisional: the holidays of {year} are not published; weekdays less holidays of fixed date are counted.",
        "暂定：{year} 年放假安排尚未公布；暂按平日减去固定日期的节日计算。",
    ),
    "outlook": (
        "How long decisions take in practice stands on the page of licences",
        "实际审批用时见许可证页",
    ),
    "published": ("Published years", "已公布年份"),
}
MOST_DAYS = 2000
"""Working days this page counts in one go: eight years."""


def build(project: Project, asked: Asked) -> Shown:
    """The count asked for; 45 days from today without a question."""
    from ytterby.rules import calendar, clock
    from ytterby.terms.errors import DateOrder

    start = lawyerly.day(asked, "start") or asked.today
    last = lawyerly.day(asked, "until")
    if last is None:
        n = asked.whole("days", clock.REVIEW_WORKING_DAYS, 0, MOST_DAYS)
        end = calendar.add_working_days(start, n)
        title = asked.say("title", n=n, start=start, end=end, calendar=(end - start).days)
    else:
        if (last - start).days > 2 * MOST_DAYS:
            remedy = f"ask for at most {2 * MOST_DAYS} days"
            raise DateOrder(f"{start} to {last} is too long", place="'until' of the address", remedy=remedy)
        end, n = last, calendar.working_days(start, last)
        title = asked.say("title_between", n=n, start=start, end=end)
    closed, made_up = clock.days_off(start, end), clock.make_up_days(start, end)
    first, latest = calendar.published()
    told: list[tuple[str, Cell]] = [(asked.say("published"), f"{first}–{latest}")]
    blocks: list[Block] = [_form(asked, start, n, last)]
    unpublished = next((day.year for day in (start, end) if calendar.provisional(day)), 0)
    if unpublished:
        blocks.append(Notice(asked.say("provisional", year=unpublished)))
    blocks += [Facts(told), Text([[Link(asked.say("outlook"), asked.to("licences"))]], quiet=True)]
    key = "special" if closed or made_up else "special_none"
    special = asked.say(key, closed=len(closed), made_up=len(made_up))
    drawn = _drawn(asked, start, end, closed, made_up, special)
    return Shown(
        title,
        [
            Section("count", asked.say("form"), blocks),
            Section("days", special, [drawn, _table(asked, closed, made_up)]),
        ],
        basis=asked.say("basis"),
        keys=[
            KeyFigure(asked.say("end"), end.isoformat()),
            KeyFigure(asked.say("counted"), n),
            KeyFigure(asked.say("calendar_days"), (end - start).days),
            KeyFigure(asked.say("closed"), len(closed)),
            KeyFigure(asked.say("made_up"), len(made_up)),
        ],
        crumbs=[Link(asked.say("rules"), asked.to("rules"))],
        data={"start": start, "end": end, "working_days": n, "calendar_days": (end - start).days,
              "provisional": unpublished or None},
    )  # fmt: skip


def _form(asked: Asked, start: datetime.date, n: int, last: datetime.date | None) -> Form:
    from ytterby.rules import clock

    count = asked.get("days") or str(clock.REVIEW_WORKING_DAYS if last is not None else n)
    fields = [
        Field("start", asked.say("start"), "date", start.isoformat()),
        Field("days", asked.say("days"), "number", count, help=asked.say("days_help"), least="0", most=str(MOST_DAYS)),
        Field("until", asked.say("until"), "date", last.isoformat() if last else "", help=asked.say("until_help")),
    ]
    return Form("count", fields, asked.say("count"), asked.to("calendar"), method="get")


def _drawn(
    asked: Asked,
    start: datetime.date,
    end: datetime.date,
    closed: list[datetime.date],
    made_up: list[datetime.date],
    title: str,
) -> Block:
    rows: list[dict[str, Any]] = [
        {"lane": asked.say("counted"), "date": start.isoformat(), "until": end.isoformat(),
         "kind": asked.say("counted"), "halted": False, "hint": f"{start} – {end}"}
    ]  # fmt: skip
    for key, days in (("off", closed), ("worked", made_up)):
        for day in days:
            text = day.isoformat()
            rows.append({"lane": asked.say("closed" if key == "off" else "made_up"), "date": text, "until": text,
                         "kind": asked.say(key), "halted": key == "off", "hint": text})  # fmt: skip
    data = [{"day": day, "what": what} for what, days in (("off", closed), ("worked", made_up)) for day in days]
    within = start <= asked.today <= end
    basis = asked.say("special_basis" if within else "special_far")
    return rules.lanes_figure(asked, rows, data, title, basis, asked.today if within else None)


def _table(asked: Asked, closed: list[datetime.date], made_up: list[datetime.date]) -> Table:
    columns = (
        Column("day", asked.say("day"), "date"),
        Column("weekday", asked.say("weekday")),
        Column("what", asked.say("what")),
    )
    days = sorted([(day, "off") for day in closed] + [(day, "worked") for day in made_up])
    shown, pager = asked.paged(days, 60)
    cells: list[dict[str, Cell]] = [
        {"day": day.isoformat(), "weekday": asked.say(f"w{day.weekday()}"), "what": asked.say(what)}
        for day, what in shown
    ]
    data = [{"day": day, "what": what} for day, what in days]
    return Table(columns, cells, data=data, pager=pager, empty=asked.say("special_none"))


PAGE = Page("calendar", build, WORDS, under="rules")
