"""The house: what a merchant gives outside any campaign, as if it were one more."""

from uuid import UUID

from banyan.kernel.ids import derived_id


def house_of(workspace_id: UUID) -> UUID:
    """Return what stands in the place of a campaign where there is none."""
    return derived_id("house rewards", workspace_id)
