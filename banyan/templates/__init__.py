"""Templates: whole campaigns that a merchant can start from, as data.

Owns:   the files under `data/`, one template each
Calls:  nothing
Events: none

Only the reading is here. A template's definition is plain data in the form that `campaigns` reads.
"""

from banyan.templates.catalogue import Expected, Industry, Said, Template, templates

__all__ = ["Expected", "Industry", "Said", "Template", "templates"]
