"""People: whom the merchant knows or meets, and the ways each is known.

Owns:   persons, person_identities, person_visitors, person_consents, person_tombstones
Calls:  nothing above workspaces
Events: people.registered, .visitor_merged, .forgotten
"""

from banyan.people.birthdays import Birthday, birthdays, drop_birthday, give_birthday
from banyan.people.commands import Known, Registration, register, register_many
from banyan.people.consents import consents_of, keep_consent
from banyan.people.forgetting import forget
from banyan.people.guests import (
    PARTICIPANT_COOKIE,
    VISITOR_COOKIE,
    VISITOR_SECONDS,
    Guest,
    Participant,
    guest_from,
    participant_cookie,
    participant_from,
    participant_token,
    visitor_cookie,
    visitor_token,
)
from banyan.people.messaging import (
    Reachable,
    agree_to_messages,
    agreed_to_messages,
    birthdays_to_write_to,
    reachable,
    stop_messages,
)
from banyan.people.names import clean_name, masked_name
from banyan.people.phones import masked_phone, phone_e164
from banyan.people.presence import (
    LONG_AGO,
    ask_met_at,
    ask_unknown,
    deleted_among,
    ids_after,
    met_at,
)
from banyan.people.queries import (
    PersonView,
    ask_names_masked,
    count,
    names_masked,
    person_of_phone,
    persons_of_visitor,
    phone_of,
    phones_of,
    search,
    view,
    views,
)

__all__ = [
    "LONG_AGO",
    "PARTICIPANT_COOKIE",
    "VISITOR_COOKIE",
    "VISITOR_SECONDS",
    "Birthday",
    "Guest",
    "Known",
    "Participant",
    "PersonView",
    "Reachable",
    "Registration",
    "agree_to_messages",
    "agreed_to_messages",
    "ask_met_at",
    "ask_names_masked",
    "ask_unknown",
    "birthdays",
    "birthdays_to_write_to",
    "clean_name",
    "consents_of",
    "count",
    "deleted_among",
    "drop_birthday",
    "forget",
    "give_birthday",
    "guest_from",
    "ids_after",
    "keep_consent",
    "masked_name",
    "masked_phone",
    "met_at",
    "names_masked",
    "participant_cookie",
    "participant_from",
    "participant_token",
    "person_of_phone",
    "persons_of_visitor",
    "phone_e164",
    "phone_of",
    "phones_of",
    "reachable",
    "register",
    "register_many",
    "search",
    "stop_messages",
    "view",
    "views",
    "visitor_cookie",
    "visitor_token",
]
