"""Home to how far a job is, in words."""

from __future__ import annotations

from ytterby.desk import words
from ytterby.desk.blocks import Progress
from ytterby.desk.jobs import Job
from ytterby.desk.urls import Lang


def progress(job: Job, lang: Lang) -> str:
    """How many of how many; nothing before that is known."""
    return words.say(lang, "progress", done=f"{job.done:,}", total=f"{job.total:,}") if job.total else ""


def left(job: Job, lang: Lang) -> str:
    """The time left; nothing where nobody can say."""
    if job.state != "running" or job.left is None:
        return ""
    if job.left < 90:
        return words.say(lang, "left", n=f"{job.left:.0f}")
    return words.say(lang, "left_minutes", n=f"{job.left / 60:.0f}")


def bar(job: Job, lang: Lang) -> Progress:
    """The block that shows how far a job is and follows it."""
    state = words.say(lang, f"state_{job.state}")
    return Progress(job.id, state, job.done, job.total, left(job, lang), job.open)
