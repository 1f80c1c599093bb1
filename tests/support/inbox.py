"""An account whose phones receive SMS: the real gateway and the real client API on moto."""

from __future__ import annotations

import itertools
from typing import Any
from urllib.parse import urlencode

import time_machine

from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.http_events import Answer
from tests.support.world import FakeRadioPhone, World

ALICE, BOB = "+254712345678", "+254722000111"
_ids = itertools.count(1)


def sms(content: str = "Hello", sender: str = ALICE, **changes: Any) -> dict[str, Any]:
    """A message of a `received` frame, with a phone id of its own."""
    message = {
        "phoneMessageId": f"sms-{next(_ids)}", "from": sender, "to": "+254700000000", "simSlot": 0,
        "content": content, "receivedAt": "2026-06-23T10:00:00.000Z",
    }  # fmt: skip
    return message | changes


class Inbox:
    """One account with its phones, its API client and its clock."""

    def __init__(self, cloud: Cloud, clock: time_machine.Coordinates) -> None:
        self.cloud, self.clock = cloud, clock
        self.api = ClientApi(cloud, limit=1_000_000)
        self.account_id = self.api.account_id
        self.world = World(cloud, clock, self.account_id)

    def phone(self, sims: int = 1) -> FakeRadioPhone:
        """A phone that is online."""
        phone = self.world.add_phone(sims)
        phone.connect()
        return phone

    def feed(self, since: str | None = None, limit: int | None = None) -> dict[str, Any]:
        """One page of the feed."""
        given = {"since": since, "limit": limit}
        answer = self.api.get("/api/sms/received", query=_query(given))
        assert answer.status == 200, answer.body
        return answer.body

    def feed_to_end(self, since: str | None = None, limit: int | None = None) -> list[dict[str, Any]]:
        """The feed, page by page while there is more at once."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.feed(since, limit)
            found += page["messages"]
            since = page["cursor"]
            if not page["hasMore"]:
                return found

    def contents(self) -> list[str]:
        """The texts in the feed."""
        return [message["content"] for message in self.feed_to_end()]

    def conversations(self, cursor: str | None = None, limit: int | None = None) -> dict[str, Any]:
        """One page of the list."""
        answer = self.api.get("/api/conversations", query=_query({"cursor": cursor, "limit": limit}))
        assert answer.status == 200, answer.body
        return answer.body

    def conversation(self, number: str = ALICE) -> dict[str, Any]:
        """The conversation with a number."""
        (found,) = [entry for entry in self.conversations(limit=100)["conversations"] if entry["number"] == number]
        return found

    def thread(self, conversation_id: str, cursor: str | None = None, limit: int | None = None) -> dict[str, Any]:
        """One page of a conversation."""
        query = _query({"cursor": cursor, "limit": limit})
        answer = self.api.get(f"/api/conversations/{conversation_id}/messages", query=query)
        assert answer.status == 200, answer.body
        return answer.body

    def thread_to_end(self, conversation_id: str, limit: int | None = None) -> list[dict[str, Any]]:
        """A whole conversation, page by page."""
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = self.thread(conversation_id, cursor, limit)
            found += page["messages"]
            cursor = page.get("cursor")
            assert (cursor is not None) == page["hasMore"]
            if cursor is None:
                return found

    def reply(self, conversation_id: str, message: str = "Hello yourself", **more: Any) -> Answer:
        """A reply."""
        return self.api.post(f"/api/conversations/{conversation_id}/reply", {"message": message} | more)


def _query(given: dict[str, Any]) -> str:
    return urlencode({name: value for name, value in given.items() if value is not None})
