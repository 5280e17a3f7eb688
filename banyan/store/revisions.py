"""Revisions: a workspace's number grows with every change of what buyers see in its shops.

Web processes remember answers by it (`showcase`). A command bumps it last, so that what waits for
the row waits briefly.
"""

from banyan.kernel.work import Work

TOUCH = """
insert into catalogue_revisions as r (workspace_id, revision) values (%s, 1)
on conflict (workspace_id) do update set revision = r.revision + 1
"""


def touch(work: Work) -> None:
    """Say that shops, categories or products changed: what is remembered of them is old."""
    work.driver.execute(TOUCH, (work.workspace_id,))
