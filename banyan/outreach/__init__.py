"""Outreach: whom a merchant writes to about a campaign, how often at most, and what came of it.

Owns:   invitations, outreach_links
Calls:  campaigns (what runs, who has begun), people (who agreed), messages, links
Events: none
"""

from banyan.outreach.birthdays import invite_birthdays, invite_birthdays_everywhere

__all__ = ["invite_birthdays", "invite_birthdays_everywhere"]
