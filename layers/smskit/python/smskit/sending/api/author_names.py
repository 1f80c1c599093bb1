"""Who wrote messages, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smskit.accounts.api.callers import Caller
from smskit.clients.logic import names
from smskit.models.job import Job


def author_names(caller: Caller, jobs: Iterable[Job]) -> Mapping[str, str]:
    """The names of their authors by `clientId`, for a person; programs are shown ids alone, and cost no look."""
    if caller.person is None:
        return {}
    return names.of_authors(caller.account_id, [job.client_id for job in jobs])
