"""Pictures of a page: each is one that the workspace has uploaded, never another's."""

from uuid import UUID

from banyan import store
from banyan.creatives import Hero, Image, Page
from banyan.kernel.work import Work
from banyan.plays import Problem, Words

MISSING = Words(
    "图片不在了，请重新上传", "This picture is not kept here; please upload it once more"
)


def picture_problems(work: Work, page: Page) -> list[Problem]:
    """Return each block whose picture is not one of this workspace's."""
    named: list[tuple[str, UUID | None]] = []
    for index, block in enumerate(page.blocks):
        if isinstance(block, Image):
            named.append((f"page.blocks[{index}].file", _id(block.file)))
        elif isinstance(block, Hero) and block.image is not None:
            named.append((f"page.blocks[{index}].image", _id(block.image)))
    asked = [picture_id for _, picture_id in named if picture_id is not None]
    kept = store.pictures_kept(work, asked) if asked else set[UUID]()
    return [
        Problem(path, "picture_not_found", MISSING) for path, found in named if found not in kept
    ]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
