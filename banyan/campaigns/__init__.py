"""Campaigns: what a merchant plans, and what people do in it.

Owns:   campaigns, campaign_versions, quests, supports, participants, wakes, quest_acts, quest_passes,
        quest_departures, quest_facts,
        quest_orders, quest_seats, quest_order_facts, quest_moves
Calls:  plays (the rule), compliance (the judge), rewards, store, links, people, workspaces
Events: campaigns.published, .went_live, .edited, .paused, .resumed, .ended, .settled,
        .quest_started, .participant_joined, .supported, .acted, .quest_won, .quest_lost,
        .order_moved, .sold
"""

from banyan.campaigns.acts import ActOutcome, ActRequest, act
from banyan.campaigns.asked_edits import edits_asked_for
from banyan.campaigns.beginnings import first_began
from banyan.campaigns.brought import brought_since, new_people_brought
from banyan.campaigns.definition import Definition
from banyan.campaigns.departures import leave, leave_everything
from banyan.campaigns.drafts import clone_campaign, create_campaign, delete_draft, edit_campaign
from banyan.campaigns.edit_views import AskedEdit
from banyan.campaigns.grab_credits import credit_grabs
from banyan.campaigns.grabs import (
    SOLD_OUT,
    GrabRequest,
    GrabView,
    ShareView,
    again,
    grab,
    share_view,
    takers_of,
)
from banyan.campaigns.invariants import INVARIANTS
from banyan.campaigns.invitable import (
    Invitable,
    birthday_campaigns,
    birthday_workspaces,
    invitable,
    owners_among,
)
from banyan.campaigns.lifecycle import (
    close_over,
    end_campaign,
    end_due,
    pause_campaign,
    publish_campaign,
    resume_campaign,
    settle_campaign,
    start_due,
)
from banyan.campaigns.moves import Overtaken
from banyan.campaigns.order_stories import STORY_EVENTS, tell_stories
from banyan.campaigns.orders import QuestOrderRequest, order_in_quests
from banyan.campaigns.origins import Origin, origins
from banyan.campaigns.page_state import mine
from banyan.campaigns.publication_checks import add_publication_check
from banyan.campaigns.queries import (
    campaign_rows,
    campaign_view,
    count_campaigns,
    due_workspaces,
    must_exist,
    participants_after,
    supports_of,
    tallies_of,
)
from banyan.campaigns.quest_pages import own_quest, public_quest, reason_words
from banyan.campaigns.quests import StartRequest, close_quests, report, start_quest, start_quests
from banyan.campaigns.recomputing import Difference, Recount, recompute, recompute_latest
from banyan.campaigns.refusals import NO_SUCH_QUEST, NOT_A_QUEST_LINK, UNKNOWN_LINK
from banyan.campaigns.share_cards import ShareWords, cover_of, share_words
from banyan.campaigns.signing import Signing, sign_review
from banyan.campaigns.supports import SupportRequest, SupportView, support
from banyan.campaigns.surfaces import surface_of
from banyan.campaigns.terms_of_sale import Branch, branches_of
from banyan.campaigns.trying import until_first
from banyan.campaigns.views import CampaignRow, CountedLink, Page, PageState, Twin
from banyan.campaigns.wakes import wake_due, wake_everywhere
from banyan.campaigns.watching import judge_again, judge_everywhere

__all__ = [
    "INVARIANTS",
    "NOT_A_QUEST_LINK",
    "NO_SUCH_QUEST",
    "SOLD_OUT",
    "STORY_EVENTS",
    "UNKNOWN_LINK",
    "ActOutcome",
    "ActRequest",
    "AskedEdit",
    "Branch",
    "CampaignRow",
    "CountedLink",
    "Definition",
    "Difference",
    "GrabRequest",
    "GrabView",
    "Invitable",
    "Origin",
    "Overtaken",
    "Page",
    "PageState",
    "QuestOrderRequest",
    "Recount",
    "ShareView",
    "ShareWords",
    "Signing",
    "StartRequest",
    "SupportRequest",
    "SupportView",
    "Twin",
    "act",
    "add_publication_check",
    "again",
    "birthday_campaigns",
    "birthday_workspaces",
    "branches_of",
    "brought_since",
    "campaign_rows",
    "campaign_view",
    "clone_campaign",
    "close_over",
    "close_quests",
    "count_campaigns",
    "cover_of",
    "create_campaign",
    "credit_grabs",
    "delete_draft",
    "due_workspaces",
    "edit_campaign",
    "edits_asked_for",
    "end_campaign",
    "end_due",
    "first_began",
    "grab",
    "invitable",
    "judge_again",
    "judge_everywhere",
    "leave",
    "leave_everything",
    "mine",
    "must_exist",
    "new_people_brought",
    "order_in_quests",
    "origins",
    "own_quest",
    "owners_among",
    "participants_after",
    "pause_campaign",
    "public_quest",
    "publish_campaign",
    "reason_words",
    "recompute",
    "recompute_latest",
    "report",
    "resume_campaign",
    "settle_campaign",
    "share_view",
    "share_words",
    "sign_review",
    "start_due",
    "start_quest",
    "start_quests",
    "support",
    "supports_of",
    "surface_of",
    "takers_of",
    "tallies_of",
    "tell_stories",
    "until_first",
    "wake_due",
    "wake_everywhere",
]
