"""Routes: sign simulated people in, for whoever may set a sandbox's clock."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from banyan.kernel.errors import NOT_ALLOWED, Refused
from banyan.people.commands import Registration, register_many
from banyan.people.guests import Participant, participant_token
from banyan.people.phones import phone_e164
from banyan.workspaces import CLOCK, Caller

Phone = Annotated[str, msgspec.Meta(min_length=5, max_length=32)]
Name = Annotated[str, msgspec.Meta(max_length=200)]


class SimulatedPerson(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody to know."""

    phone: Phone
    name: Name | None = None
    visitor_id: UUID | None = None


class SimulatedPeople(msgspec.Struct, forbid_unknown_fields=True):
    """Up to a thousand at once."""

    people: Annotated[list[SimulatedPerson], msgspec.Meta(min_length=1, max_length=1000)]


class SignedInPerson(msgspec.Struct):
    """Who it is; `token` is the value of their participant cookie."""

    person_id: UUID
    is_new: bool
    token: str


class SignedInPeople(msgspec.Struct):
    """In the order they were sent."""

    items: list[SignedInPerson]


@post(
    "/api/admin/participants",
    opt={"audience": "key", "permission": CLOCK},
    sync_to_thread=True,
    status_code=200,
)
def sign_simulated_people_in(
    caller: NamedDependency[Caller], data: JSONBody[SimulatedPeople]
) -> SignedInPeople:
    """Register people and sign them in without a code. For simulations: in a sandbox only."""
    if not caller.workspace.is_sandbox:
        raise Refused(NOT_ALLOWED)
    registrations = [
        Registration(phone_e164(each.phone), each.name, each.visitor_id) for each in data.people
    ]
    with caller.work() as work:
        known = register_many(work, registrations)
    return SignedInPeople(
        [
            SignedInPerson(
                each.person_id,
                each.is_new,
                participant_token(
                    Participant(caller.workspace_id, each.person_id, may_set_clock=True)
                ),
            )
            for each in known
        ]
    )


routes: list[ControllerRouterHandler] = [sign_simulated_people_in]
