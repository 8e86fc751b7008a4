"""Home to files that are saved together: a report with its tables, a passport with what opens its names."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from ytterby.desk.page import Saved

_FIRST = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip knows: the same files give the same bytes."""


def packed(name: str, files: Mapping[str, str | bytes], openings: Mapping[str, Any] | None = None) -> Saved:
    """Files as one zip; `openings` of names are put beside them, since nobody can make them again."""
    whole = dict(files)
    if openings is not None:
        whole["openings.json"] = json.dumps(openings, ensure_ascii=False, indent=2)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, content in whole.items():
            body = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
            archive.writestr(zipfile.ZipInfo(one, _FIRST), body, zipfile.ZIP_DEFLATED)
    return Saved(f"{name}.zip", "application/zip", out.getvalue())
