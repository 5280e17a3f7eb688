"""Pathways: one address that leads each visitor to one of several campaigns, by a rule it shows.

Owns:   pathways, pathway_branches, pathway_lines
Calls:  campaigns (what each sells), store, levels, outreach (who somebody is), analytics, links
Events: none

The rule is about what somebody did here (bought, reached a level, was picked as a seed user), and
stands on the page they come in by. No pathway sells the same good to people at different prices.
"""

from banyan.pathways.leading import PathState, lead
from banyan.pathways.views import entry_url

__all__ = ["PathState", "entry_url", "lead"]
