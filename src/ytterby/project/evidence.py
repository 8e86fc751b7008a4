"""Home to the project's evidence: what was read, what it claims, and what it weighs together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.project.opened import Date, Opened
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim
    from ytterby.evidence.weigh import Weighed


class Evidence(Opened):
    """The side of a project that reads."""

    def claims(
        self,
        kind: str | None = None,
        parameter: str | None = None,
        document: str | None = None,
        known: Date = None,
    ) -> list[Claim]:
        """Every claim, or those of one kind, parameter or document; with `known` only what was known on that day.

        `parameter` names one parameter, or all that begin so where it ends in ``:`` or ``*`` (``trade:``).
        """
        from ytterby.evidence.claims import KINDS

        if kind is not None and kind not in KINDS:
            raise UnknownName(kind, KINDS, "kind of claim")
        return [
            claim
            for claim in self._claims()
            if (kind is None or claim.kind == kind)
            and (parameter is None or _names(parameter, claim.parameter))
            and (document is None or claim.document == document)
            and (known is None or (claim.known is not None and claim.known <= known))
        ]

    def weigh(self, parameter: str | None = None, known: Date = None) -> dict[str, Weighed]:
        """The distribution each parameter is pooled into from the claims known on the day `known`."""
        from ytterby.evidence import weigh

        weighed = weigh.weigh(self._claims(), known)
        return {name: row for name, row in weighed.items() if parameter is None or _names(parameter, name)}


def _names(asked: str, name: str) -> bool:
    if asked.endswith(("*", ":")):
        return name.startswith(asked.rstrip("*"))
    return name == asked
