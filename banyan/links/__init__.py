"""Links: share links, QR codes, clicks, and whose word brought somebody here.

Owns:   links; the click journal; the link table in the memory of each web process
Calls:  people (the visitor's cookie), workspaces (the caller of the admin routes)
Events: none; a click is telemetry, kept in the journal and not in the database
"""

from banyan.links.addresses import absolute, share_url
from banyan.links.attribution import Attribution, Touch, attribute, read_touches
from banyan.links.click import is_known, link_table, take_click
from banyan.links.codes import qr_of
from banyan.links.commands import Link, LinkRequest, create_link, create_links
from banyan.links.queries import link_by_code, links_of_campaign, links_of_quests, quests_of_codes
from banyan.links.records import CHANNELS, TelemetryRecord
from banyan.links.records import FIELDS as TELEMETRY_FIELDS
from banyan.links.records import KINDS as TELEMETRY_KINDS
from banyan.links.records import VERSION as TELEMETRY_VERSION
from banyan.links.records import unpack as unpack_telemetry
from banyan.links.records import words as telemetry_words
from banyan.links.table import KnownLink

__all__ = [
    "CHANNELS",
    "TELEMETRY_FIELDS",
    "TELEMETRY_KINDS",
    "TELEMETRY_VERSION",
    "Attribution",
    "KnownLink",
    "Link",
    "LinkRequest",
    "TelemetryRecord",
    "Touch",
    "absolute",
    "attribute",
    "create_link",
    "create_links",
    "is_known",
    "link_by_code",
    "link_table",
    "links_of_campaign",
    "links_of_quests",
    "qr_of",
    "quests_of_codes",
    "read_touches",
    "share_url",
    "take_click",
    "telemetry_words",
    "unpack_telemetry",
]
