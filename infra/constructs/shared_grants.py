"""The rights that several functions share, each set under the name of what it is for."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import aws_lambda as lambda_

from infra.config.table_specs import BATCHES, CONTACTS, DEVICES, JOBS, MESSAGES, POOL, WEBHOOKS
from infra.constructs.queues import Queues
from infra.constructs.tables import Tables
from infra.constructs.websocket_api import PhoneApi


@dataclass(frozen=True, slots=True)
class SharedGrants:
    """Rights on tables, queues and the phones' connections."""

    tables: Tables
    queues: Queues
    phones: PhoneApi

    def converse(self, function: lambda_.Function) -> None:
        """Accept and queue jobs, show conversations, and opt numbers out and in: what both APIs do."""
        self.tables.grant(function, JOBS, "PutItem", "GetItem", "BatchGetItem", "UpdateItem", "DeleteItem")
        for index in ("by_conversation", "by_account", "by_reference"):
            self.tables.grant_index(function, JOBS, index, "Query")
        self.tables.grant(function, CONTACTS, "GetItem", "BatchGetItem", "UpdateItem")
        for index in ("by_activity", "by_unread", "by_conversation", "by_opt_out"):
            self.tables.grant_index(function, CONTACTS, index, "Query")
        # Put: tombstones where a writer took a number of the feed and died, and entries of the trail of opt-outs.
        self.tables.grant(function, MESSAGES, "Query", "BatchGetItem", "PutItem")
        self.tables.grant_index(function, MESSAGES, "by_conversation", "Query")
        # Put: notes of jobs that are to be sent later. A timer brings back what is due within two minutes.
        self.tables.grant(function, POOL, "GetItem", "Query", "PutItem", "DeleteItem")
        self.queues.grant_set_timers(function)
        self.queues.grant_background(function)
        self.queues.grant_send_jobs(function)
        # Bulk requests are stored here; their messages are the timekeeper's to make and to withdraw.
        self.tables.grant(function, BATCHES, "GetItem", "Query", "BatchGetItem", "PutItem", "UpdateItem")
        self.tables.grant(function, BATCHES, "BatchWriteItem")
        self.tables.grant_index(function, BATCHES, "by_account", "Query")

    def dispatch(self, function: lambda_.Function) -> None:
        """Offer, claim, report and expire: what every function on the path between job and phone does."""
        for spec in (DEVICES, JOBS):
            self.tables.grant(function, spec, "GetItem", "Query", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem")
        self.tables.grant(function, POOL, "GetItem", "Query", "PutItem", "DeleteItem", "BatchWriteItem")
        self.tables.grant(function, CONTACTS, "GetItem", "BatchGetItem")
        self.queues.grant_set_timers(function)
        self.phones.grant_post(function)

    def deliver(self, function: lambda_.Function) -> None:
        """Webhooks and their queue: what the two functions that talk to the outside may touch, and nothing else.

        They sign, so they alone may open a signing secret.
        """
        self.tables.grant_open(function)
        self.tables.grant(function, WEBHOOKS, "GetItem", "Query", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem")
        self.queues.grant_send_deliveries(function)

    def register_webhooks(self, function: lambda_.Function) -> None:
        """Keep endpoints with their secrets sealed, and queue deliveries to them: what both APIs do."""
        self.tables.grant(function, WEBHOOKS, "GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem")
        self.tables.grant_seal(function)
        self.queues.grant_send_deliveries(function)
