"""Home to the pages of the desk, one small file each; `desk.page` says how one is written, `desk.register` finds
them.
"""

from __future__ import annotations
