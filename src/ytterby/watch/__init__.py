"""Home to the watch: standing orders that turn a new article into a changed forecast and an alert, without being asked.

>>> import ytterby
>>> from ytterby import watch
>>> project = ytterby.open("demo")  # doctest: +SKIP
>>> order = watch.load("eu-licences.yaml", project.path)  # doctest: +SKIP
>>> watch.once(project, [order])  # doctest: +SKIP
"""

from __future__ import annotations

from ytterby.watch.passes import Pass, Watching
from ytterby.watch.staying import LOG, locked, once, stay
from ytterby.watch.workflows import Workflow, load

__all__ = ["LOG", "Pass", "Watching", "Workflow", "load", "locked", "once", "stay"]
