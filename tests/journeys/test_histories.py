"""What a replayed history must come to, counted directly."""

from datetime import UTC, datetime, timedelta

from banyan.app.crowd.histories import Invitation, expected, in_circles

AT = datetime(2026, 3, 1, tzinfo=UTC)


def history(*steps: tuple[int, int | None]) -> list[Invitation]:
    """Steps `(host, guest)`, each host with one quest."""
    return [
        Invitation(AT + timedelta(seconds=place), host, host, guest)
        for place, (host, guest) in enumerate(steps)
    ]


def test_help_given_makes_somebody_stand_below_like_being_brought() -> None:
    """3 came by themselves and helps 2: then 2 may not help 3, nor may 4, whom 2 helped since."""
    steps = history((1, 2), (3, None), (2, 3), (3, 2), (4, 2), (3, 4))
    counted = expected(steps)
    assert counted.counted == 3
    assert counted.parents == {1: None, 2: 1, 3: None, 4: None}
    assert counted.generations == (3, 1)


def test_only_who_may_stand_in_a_circle_is_taken_in_order() -> None:
    chain = [(1, 2), (2, 3), (3, 4), (9, 9)]
    assert in_circles(history(*chain)) == set()
    assert in_circles(history(*chain, (4, 2), (4, 7), (8, 1))) == {2, 3, 4}
    assert in_circles(history((1, 2), (2, 1), (2, 3), (3, 4), (4, 3))) == {1, 2, 3, 4}
