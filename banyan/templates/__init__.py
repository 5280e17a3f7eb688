"""Templates: whole campaigns that a merchant can start from, as data.

Owns:   the files under `data/`: a template each, by trade, and the pack of each trade
Calls:  nothing
Events: none

Only the reading is here. A template's definition is plain data in the form that `campaigns` reads.
"""

from banyan.templates.catalogue import (
    Expected,
    Industry,
    Pack,
    PackStep,
    Said,
    Template,
    packs,
    templates,
)

__all__ = ["Expected", "Industry", "Pack", "PackStep", "Said", "Template", "packs", "templates"]
