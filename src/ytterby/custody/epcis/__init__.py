"""How events are written down: EPCIS 2.0 as JSON, JSON-LD and XML, EPCIS 1.2 as XML, and plain tables.

    bytes ──reading──→ raw ──schema──→ canonical ──meaning──→ Event ──sense──→ Understood | Refused
                                                                    emit ──→ JSON, XML

`reading.read` takes bytes apart, `understanding.understood` one event already parsed, `emit` writes, and
`identifiers.address` gives every thing, place and party its one spelling: ask the ledger and the book with that.
"""

from __future__ import annotations

from ytterby.custody.epcis import emit
from ytterby.custody.epcis.columns import template
from ytterby.custody.epcis.emit import document, raw
from ytterby.custody.epcis.identifiers import address
from ytterby.custody.epcis.made import Flaw, Refused, Understood
from ytterby.custody.epcis.reading import read
from ytterby.custody.epcis.understanding import understood

__all__ = ["Flaw", "Refused", "Understood", "address", "document", "emit", "raw", "read", "template", "understood"]
