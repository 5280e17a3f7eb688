"""A person has themselves deleted: what says who they are goes, what they did stays nameless."""

from uuid import UUID

from banyan.kernel.events import record
from banyan.kernel.work import Work
from banyan.people.events import Forgotten

FORGET = """
update persons set name = null, birthday_encrypted = null, messages_agreed_at = null,
  forgotten_at = %s
where workspace_id = %s and id = %s and forgotten_at is null returning created_at
"""
BURY = """
insert into person_tombstones (workspace_id, value_index, met_at, forgotten_at)
select workspace_id, value_index, %s, %s from person_identities
where workspace_id = %s and person_id = %s and kind = 'phone'
on conflict (workspace_id, value_index) do update set forgotten_at = excluded.forgotten_at
"""
UNKNOWN = "delete from person_identities where workspace_id = %s and person_id = %s"
UNBIND = "delete from person_visitors where workspace_id = %s and person_id = %s"


def forget(work: Work, person_id: UUID) -> bool:
    """Delete how a person is known: name, numbers, browsers. Tell whether they were known.

    Their id stays where they ordered, paid or took part, and says nothing of them. Of a phone
    number a keyed fingerprint is kept, so that who comes back is not rewarded as new. What they
    agreed to is kept as proof. A repeat changes nothing.
    """
    row = work.driver.execute(FORGET, (work.now, work.workspace_id, person_id)).fetchone()
    if row is None:
        return False
    work.driver.execute(BURY, (row[0], work.now, work.workspace_id, person_id))
    for statement in (UNKNOWN, UNBIND):
        work.driver.execute(statement, (work.workspace_id, person_id))
    work.session.expire_all()
    record(work, [Forgotten(person_id=person_id)])
    return True
