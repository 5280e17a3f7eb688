"""Campaigns: what a merchant plans, and what people do in it.

Owns:   campaigns, campaign_versions, quests, supports, participants, wakes
Calls:  plays (the rule), compliance (the judge), rewards, links, people, workspaces
Events: campaigns.published, .went_live, .edited, .paused, .resumed, .ended, .settled,
        .quest_started, .participant_joined, .supported, .quest_won, .quest_lost
"""
