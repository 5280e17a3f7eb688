"""Categories: the headings under which buyers find products."""

from uuid import UUID

from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import Work
from banyan.store import catalogue_refusals as refusals
from banyan.store.catalogue_views import CategoryView
from banyan.store.revisions import touch
from banyan.store.wording import one_line, paragraphs

NAME_MOST = 40
DESCRIPTION_MOST = 500

LIST = """
select c.id, c.name, c.description, c.position,
       (select count(*) from products p
        where p.workspace_id = c.workspace_id and p.category_id = c.id) as products
from categories c where c.workspace_id = %s order by c.position, c.created_at, c.id
"""
ADD = """
insert into categories (workspace_id, id, name, description, position, created_at)
values (%s, %s, %s, %s, %s, %s)
on conflict (workspace_id, name) do nothing
"""
CHANGE = """
update categories set name = %s, description = %s, position = %s
where workspace_id = %s and id = %s
"""
SAME_NAME = "select 1 from categories where workspace_id = %s and name = %s and id <> %s"
IN_USE = "select count(*) from products where workspace_id = %s and category_id = %s"
REMOVE = "delete from categories where workspace_id = %s and id = %s"


def categories(work: Work) -> list[CategoryView]:
    """Return every category in the merchant's order."""
    rows = work.driver.execute(LIST, (work.workspace_id,))
    return [
        CategoryView(id=row[0], name=row[1], description=row[2], position=row[3], products=row[4])
        for row in rows
    ]


def category(work: Work, category_id: UUID) -> CategoryView:
    """Return one category. Raises `category_not_found`."""
    for found in categories(work):
        if found.id == category_id:
            return found
    raise Refused(refusals.NO_SUCH_CATEGORY)


def add_category(
    work: Work, category_id: UUID, *, name: str, description: str = "", position: int = 0
) -> None:
    """Add a category. Raises `category_taken` when another one has the name."""
    name = one_line(name, NAME_MOST, "name")
    _free(work, category_id, name)
    work.driver.execute(
        ADD,
        (work.workspace_id, category_id, name, _described(description), position, work.now),
    )
    touch(work)


def change_category(
    work: Work, category_id: UUID, *, name: str, description: str, position: int
) -> None:
    """Change a category. Raises `category_not_found` or `category_taken`."""
    name = one_line(name, NAME_MOST, "name")
    _free(work, category_id, name)
    changed = work.driver.execute(
        CHANGE, (name, _described(description), position, work.workspace_id, category_id)
    )
    if not changed.rowcount:
        raise Refused(refusals.NO_SUCH_CATEGORY)
    touch(work)


def remove_category(work: Work, category_id: UUID) -> None:
    """Remove an empty category. Raises `category_not_found` or `category_in_use`."""
    row = work.driver.execute(IN_USE, (work.workspace_id, category_id)).fetchone()
    if row and row[0]:
        raise Refused(refusals.CATEGORY_IN_USE, products=row[0])
    if not work.driver.execute(REMOVE, (work.workspace_id, category_id)).rowcount:
        raise Refused(refusals.NO_SUCH_CATEGORY)
    touch(work)


def ensure_categories(work: Work, names: set[str]) -> dict[str, UUID]:
    """Return the categories of these names, adding those that are missing."""
    for name in sorted(names):
        work.driver.execute(ADD, (work.workspace_id, new_id(), name, "", 0, work.now))
    found = work.driver.execute(
        "select name, id from categories where workspace_id = %s and name = any(%s)",
        (work.workspace_id, sorted(names)),
    )
    return dict(found.fetchall())


def _free(work: Work, category_id: UUID, name: str) -> None:
    if work.driver.execute(SAME_NAME, (work.workspace_id, name, category_id)).fetchone():
        raise Refused(refusals.CATEGORY_TAKEN)


def _described(description: str) -> str:
    return paragraphs(description, DESCRIPTION_MOST, "description")
