"""Home to reviewing on a page: the form that accepts, rejects or reopens claims, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from ytterby.desk import figured
from ytterby.desk.blocks import Field, Form
from ytterby.desk.page import Asked, Done, Given
from ytterby.terms.errors import BadValue, UnknownName

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim
    from ytterby.project import Project

WORDS = {
    "review": ("Decide", "审核"),
    "verdict": ("Verdict", "结论"),
    "accept": ("accept", "采纳"),
    "reject": ("reject", "否决"),
    "reopen": ("reopen", "重新待审"),
    "reviewer": ("Who decides", "审核人"),
    "reason": ("Why", "理由"),
    "decide": ("Enter the verdict", "提交结论"),
    "all_waiting": ("Every figure that waits ({n})", "全部待审数字（{n}）"),
    "decided": ("{n} figures: {verdict}, by {who}", "{n} 个数字：{verdict}，审核人 {who}"),
}
VERDICTS: dict[str, Literal["accepted", "rejected", "pending"]] = {
    "accept": "accepted",
    "reject": "rejected",
    "reopen": "pending",
}


def form(asked: Asked, claims: Sequence[Claim], *, tick: bool) -> Form:
    """The form for some claims; with `tick` each is chosen by its own box, else the verdict is on all of them."""
    waiting = [claim for claim in claims if claim.status == "pending"]
    boxes = []
    if tick:
        boxes = [Field(claim.id, _label(asked, claim), "checkbox", wide=True) for claim in claims]
        if len(waiting) > 1:
            boxes.insert(0, Field("waiting", asked.say("all_waiting", n=len(waiting)), "checkbox", wide=True))
    first = "reopen" if claims and not waiting else "accept"
    fields = [
        *boxes,
        Field("verdict", asked.say("verdict"), "select", first, [(one, asked.say(one)) for one in VERDICTS]),
        Field("reviewer", asked.say("reviewer"), required=True),
        Field("reason", asked.say("reason"), "textarea"),
        Field("seen", "seen", "hidden", seen(claims)),
    ]
    return Form("review", fields, asked.say("decide"), asked.address.as_form("html"))


def _label(asked: Asked, claim: Claim) -> str:
    figure = figured.figure(claim, asked.lang) or figured.kind(claim.kind, asked.lang)
    return f"{figure} · {figured.about(claim, asked.lang)} ({asked.say(claim.status)})"


def seen(claims: Sequence[Claim]) -> str:
    """The newest verdict a reader of the form could see."""
    return max((claim.when for claim in claims), default="")


def take(project: Project, asked: Asked, given: Given, claims: Sequence[Claim]) -> Done:
    """Carries the form out on the claims chosen, `claims` being those that may be.

    Raises:
        BadValue: none is chosen, nobody decides, or somebody else decided since the form was shown.
        UnknownName: no such verdict.
    """
    verdict = given.get("verdict")
    if verdict not in VERDICTS:
        raise UnknownName(verdict, VERDICTS, "verdict", "review")
    chosen = [claim for claim in claims if given.get(claim.id) or (given.get("waiting") and claim.status == "pending")]
    if len(claims) == 1:
        chosen = list(claims)
    if not chosen:
        raise BadValue("no figure is chosen", place="review", remedy="tick at least one")
    newer = next((claim for claim in chosen if claim.when > given.get("seen")), None)
    if newer is not None:
        cause = f"{newer.reviewer} decided meanwhile: {newer.status}"
        raise BadValue(cause, place=f"claim {newer.id}", remedy="look at it again, and send the form once more")
    who = given.get("reviewer")
    done = project.review(VERDICTS[verdict], [claim.id for claim in chosen], reviewer=who, reason=given.get("reason"))
    said = asked.say("decided", n=len(done), verdict=asked.say(VERDICTS[verdict]), who=who)
    return Done(asked.address, said)
