"""People: whom the merchant knows or meets, and the ways each is known.

Owns:   persons, person_identities, person_visitors
Calls:  nothing above workspaces
Events: people.registered, people.visitor_merged
"""

from banyan.people.guests import Guest, Participant, guest_from, visitor_cookie

__all__ = ["Guest", "Participant", "guest_from", "visitor_cookie"]
