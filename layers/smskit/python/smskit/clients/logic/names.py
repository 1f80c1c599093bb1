"""Names behind the ids by which jobs know who wrote them: an API client's, and a person's e-mail address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smskit.accounts.store import members
from smskit.clients.store import clients
from smskit.models.member import person_of
from smskit.platform.ids import is_id


def of_authors(account_id: str, author_ids: Iterable[str]) -> Mapping[str, str]:
    """The names of those that are known, by `clientId`: as they are now, and of who has left as they were.

    At most two requests for a hundred clients, and two for fifty people; none where there are none. Eventually
    consistent.
    """
    wanted = dict.fromkeys(author_ids)
    named = clients.names(account_id, [author for author in wanted if is_id("cli", author)])
    people = {author: person_id for author in wanted if (person_id := person_of(author))}
    addresses = members.addresses(account_id, people.values())
    return named | {author: addresses[person_id] for author, person_id in people.items() if person_id in addresses}
