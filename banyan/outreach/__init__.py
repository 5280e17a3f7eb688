"""Outreach: whom a merchant writes to about a campaign, how often at most, and what came of it.

Owns:   invitations, outreach_links, seed_rules, seed_users
Calls:  campaigns (what runs, who has begun), people (who agreed), store, rewards, messages, links
Events: none
"""

from banyan.outreach.birthdays import invite_birthdays, invite_birthdays_everywhere
from banyan.outreach.seeds import drop as drop_seeds
from banyan.outreach.seeds import picked as picked_seeds

__all__ = ["drop_seeds", "invite_birthdays", "invite_birthdays_everywhere", "picked_seeds"]
