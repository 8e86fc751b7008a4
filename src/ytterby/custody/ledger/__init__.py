"""Where events are kept: a log that only grows, chained by hash, every byte of it under a check; its hash tree, its
heads, its index, and the log of what was refused.
"""

from ytterby.custody.ledger.heads import Head
from ytterby.custody.ledger.ledger import Kept, Ledger
from ytterby.custody.ledger.refused import Refusal
from ytterby.custody.ledger.writing import Appended, Batch, Busy, Writing

__all__ = ["Appended", "Batch", "Busy", "Head", "Kept", "Ledger", "Refusal", "Writing"]
