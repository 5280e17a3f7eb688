"""Events go into the store as blocks: what comes out is what an event says of itself."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from banyan.analytics.projection import EVENT_COLUMNS, event_block
from banyan.analytics.store import NOBODY, Store
from banyan.kernel.ids import new_id
from banyan.kernel.relay import Recorded

NOW = datetime(2026, 11, 22, 3, 4, 5, 678_901, tzinfo=UTC)


def recorded(position: int, name: str, campaign_id: UUID | None, **body: Any) -> Recorded:
    at = NOW + timedelta(microseconds=position)
    later = at + timedelta(seconds=1)
    words = json.dumps(body, default=str)
    return Recorded(
        2**40 + position, position, new_id(), SHOP, name, campaign_id, at, later, "person", words
    )


SHOP = new_id()


def test_a_block_says_what_its_events_say(tmp_path: Path) -> None:
    campaign, person, host, quest = (new_id() for _ in range(4))
    events = [
        recorded(
            *(1, "campaigns.participant_joined", campaign),
            person_id=person,
            referrer_id=host,
            generation=3,
            channel="朋友圈" * 60,
            is_new_person=True,
        ),
        recorded(
            *(2, "campaigns.supported", campaign),
            supporter_person_id=person,
            owner_person_id=host,
            quest_id=quest,
            counted=False,
            reason="self_help",
        ),
        recorded(3, "rewards.granted", campaign, beneficiary_person_id=person, cost_minor=250),
        recorded(4, "rewards.reversed", campaign, person_id=person, cost_minor=250),
        recorded(5, "campaigns.paused", campaign, reason="words a person typed"),
        recorded(6, "people.registered", None, person_id=person, output_minor=-7),
        recorded(7, "campaigns.supported", campaign, quest_id=quest, generation=-1),
        recorded(8, "campaigns.supported", campaign, quest_id="none such"),
    ]
    block = event_block(events)
    assert block.campaigns == {(SHOP, campaign)}
    assert block.quests == {quest}
    assert block.unread == ["campaigns.supported"] * 2

    store = Store(f"chdb://{tmp_path}/store")
    try:
        store.prepare()
        store.add_block("events", EVENT_COLUMNS, block.rows)
        columns = (
            "name, campaign_id, person_id, referrer_id, quest_id, generation, channel, counted,"
            " is_new_person, reason, cost_minor, output_minor"
        )
        found = store.rows(f"select {columns} from events order by position")
        places = store.rows(
            "select workspace_id, id, xid, position, toUnixTimestamp64Micro(at),"
            " toUnixTimestamp64Micro(recorded_at) from events order by position"
        )
        assert store.event_cursor() == events[-1].cursor
    finally:
        store.close()
    nothing = (NOBODY, NOBODY, NOBODY, 0, "", 0, 0, "", 0, 0)
    assert found == [
        (
            "campaigns.participant_joined",
            campaign,
            person,
            host,
            NOBODY,
            3,
            "朋友圈" * 60,
            0,
            1,
            "",
            0,
            0,
        ),
        ("campaigns.supported", campaign, person, host, quest, 0, "", 0, 0, "self_help", 0, 0),
        ("rewards.granted", campaign, person, NOBODY, NOBODY, 0, "", 0, 0, "", 250, 0),
        ("rewards.reversed", campaign, person, NOBODY, NOBODY, 0, "", 0, 0, "", -250, 0),
        ("campaigns.paused", campaign, *nothing),
        ("people.registered", NOBODY, person, NOBODY, NOBODY, 0, "", 0, 0, "", 0, -7),
        ("campaigns.supported", campaign, *nothing),
        ("campaigns.supported", campaign, *nothing),
    ]
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    us = timedelta(microseconds=1)
    assert places == [
        (
            *(SHOP, each.id, each.xid, each.position),
            *((each.occurred_at - epoch) // us, (each.recorded_at - epoch) // us),
        )
        for each in events
    ]
