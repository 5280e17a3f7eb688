"""Judging people: set-wise, under lock, from what is true now; again changes nothing."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from banyan import people
from banyan.kernel.events import record
from banyan.kernel.ids import derived_id, new_id
from banyan.kernel.jobs import Job, enqueue, job
from banyan.kernel.work import SYSTEM, Work, across_workspaces, unit_of_work
from banyan.levels.entries import Entry, give_entries, give_missing, offer_of
from banyan.levels.events import Fallen, Risen
from banyan.levels.judgement import Standing, Verdict, Why, judge
from banyan.levels.ladder import Ladder, read_ladder
from banyan.levels.pasts import read_pasts
from banyan.levels.standings import lock_standings, read_facts

JUDGE_ALL: Final = "levels.judge_all"
MOST_AT_ONCE: Final = 200


class Move(NamedTuple):
    """A row of somebody's history about to be written."""

    person_id: UUID
    nth: int
    was: Standing
    stands: Standing
    why: Why
    cause: UUID
    entry_offer: str | None
    id: UUID


def judge_people(
    work: Work, causes: Mapping[UUID, Sequence[UUID]], refunded: Collection[UUID] = ()
) -> int:
    """Judge each person for what happened to them; return how many moved.

    The causes are tried in their order; one that has moved the person already does not again. Who
    was `refunded` keeps of their own level what still stands had earned.
    """
    if not causes:
        return 0
    ladder = read_ladder(work)
    rungs = ladder.rungs()
    held = lock_standings(work, list(causes), [each for some in causes.values() for each in some])
    facts = read_facts(work, list(held), rungs)
    pasts = read_pasts(work, [person for person in held if person in refunded], rungs)
    moves: list[Move] = []
    verdicts: dict[UUID, Verdict] = {}
    for person, (standing, nth, used) in held.items():
        verdict = judge(rungs, standing, facts[person], work.now, pasts.get(person, ()))
        if verdict.why is not None:
            cause = next((each for each in causes[person] if each not in used), None)
            if cause is None:
                continue
            is_up = _is_up(ladder, standing, verdict.standing)
            offer = _entry_offer(ladder, verdict.standing) if is_up else None
            moves.append(
                Move(
                    *(person, nth + 1, standing, verdict.standing, verdict.why, cause, offer),
                    new_id(),
                )
            )
        verdicts[person] = verdict
    _write(work, moves, verdicts)
    record(work, [_told(ladder, m) for m in moves if m.was.level_key != m.stands.level_key])
    give_entries(
        work,
        [
            Entry(m.person_id, m.stands.level_key, m.entry_offer, m.id)
            for m in moves
            if m.entry_offer is not None and m.stands.level_key is not None
        ],
        ladder.levels,
    )
    return len(moves)


def _is_up(ladder: Ladder, was: Standing, stands: Standing) -> bool:
    ranks = {level.key: rank for rank, level in enumerate(ladder.levels)}
    return ranks.get(stands.level_key or "", -1) > ranks.get(was.level_key or "", -1)


def _entry_offer(ladder: Ladder, stands: Standing) -> str | None:
    return next((offer_of(each) for each in ladder.levels if each.key == stands.level_key), None)


def _told(ladder: Ladder, move: Move) -> Risen | Fallen:
    kind = Risen if _is_up(ladder, move.was, move.stands) else Fallen
    return kind(
        person_id=move.person_id,
        from_level=move.was.level_key,
        to_level=move.stands.level_key,
        why=move.why,
        cause=move.cause,
    )


def _write(work: Work, moves: Sequence[Move], verdicts: Mapping[UUID, Verdict]) -> None:
    work.driver.execute(
        """
        insert into level_moves (workspace_id, at, id, person_id, nth, from_key, to_key, own_key,
                                 own_until, why, cause, entry_offer)
        select %s, %s, m.*
        from unnest(%b::uuid[], %b::uuid[], %b::int[], %b::text[], %b::text[], %b::text[],
                    %b::timestamptz[], %b::text[], %b::uuid[], %b::text[]) as m
        """,
        (
            *(work.workspace_id, work.now, [m.id for m in moves]),
            *([m.person_id for m in moves], [m.nth for m in moves]),
            *([m.was.level_key for m in moves], [m.stands.level_key for m in moves]),
            *([m.stands.own_key for m in moves], [m.stands.own_until for m in moves]),
            *([m.why for m in moves], [m.cause for m in moves], [m.entry_offer for m in moves]),
        ),
    )
    stands = [verdict.standing for verdict in verdicts.values()]
    moved = {move.person_id for move in moves}
    work.driver.execute(
        """
        update person_levels p set level_key = v.level_key, own_key = v.own_key,
          own_until = v.own_until, judge_at = v.judge_at, nth = p.nth + v.more
        from unnest(%b::uuid[], %b::text[], %b::text[], %b::timestamptz[], %b::timestamptz[],
                    %b::int[]) as v (id, level_key, own_key, own_until, judge_at, more)
        where p.workspace_id = %s and p.id = v.id
        """,
        (
            *(list(verdicts), [each.level_key for each in stands]),
            *([each.own_key for each in stands], [each.own_until for each in stands]),
            *([v.judge_at for v in verdicts.values()], [int(p in moved) for p in verdicts]),
            work.workspace_id,
        ),
    )


def judge_due(work: Work, most: int = MOST_AT_ONCE) -> int:
    """Judge those whose level was to be judged again by now; return how many moved."""
    rows = work.driver.execute(
        "select id, nth from person_levels where workspace_id = %s and judge_at <= %s"
        " order by judge_at, id limit %s",
        (work.workspace_id, work.now, most),
    ).fetchall()
    # The next row of a history follows the passing of time once: a twin finds the cause used.
    return judge_people(
        work,
        {row[0]: [derived_id("level time", work.workspace_id, row[0], row[1])] for row in rows},
    )


def judge_due_everywhere() -> int:
    """Judge whoever is due in every workspace; return how many moved."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select distinct workspace_id from person_levels where judge_at <= now()"
        )
        due = [row[0] for row in rows]
    done = 0
    for workspace_id in due:
        with unit_of_work(workspace_id, SYSTEM) as work:
            done += judge_due(work)
    return done


def judge_all_later(work: Work) -> None:
    """Have everybody judged by the ladder as it is when the work process comes to it."""
    enqueue(work, [Job(JUDGE_ALL, {"revision": read_ladder(work).revision, "after": None})])


@job(JUDGE_ALL)
def judge_all(work: Work, *, revision: int, after: str | None) -> None:
    """Judge the people after `after` for this edit of the ladder, then leave the rest to another job."""
    ids = people.ids_after(work, UUID(after) if after else None, MOST_AT_ONCE)
    judge_people(
        work,
        {each: [derived_id("level ladder", work.workspace_id, revision, each)] for each in ids},
    )
    give_missing(work, ids)
    if len(ids) == MOST_AT_ONCE:
        enqueue(work, [Job(JUDGE_ALL, {"revision": revision, "after": str(ids[-1])})])
