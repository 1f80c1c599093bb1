"""The DynamoDB tables as plain data, readable without the CDK.

The CDK construct and the tests that run on a DynamoDB stand-in create their tables from the
same specs, so a key or an index can't differ between them.
"""

from dataclasses import dataclass
from typing import Any, Literal

ScalarType = Literal["S", "N"]


@dataclass(frozen=True)
class IndexSpec:
    """A global secondary index; its partition key is a string."""

    name: str
    pk: str
    sk: str
    sk_type: ScalarType = "S"
    projection: Literal["KEYS_ONLY", "ALL"] = "KEYS_ONLY"


@dataclass(frozen=True)
class TableSpec:
    """A table whose keys are the strings ``pk`` and, if it has a sort key, ``sk``.

    ``stream`` publishes NEW_AND_OLD_IMAGES; ``ttl`` expires items by their ``ttl`` attribute
    (a number, seconds since the epoch).
    """

    name: str
    has_sort_key: bool
    indexes: tuple[IndexSpec, ...] = ()
    stream: bool = False
    ttl: bool = False


TTL_ATTRIBUTE = "ttl"

CLIENTS = TableSpec(
    "clients",
    has_sort_key=False,
    indexes=(IndexSpec("by_account", pk="accountId", sk="createdAt", sk_type="N"),),
)
DEVICES = TableSpec(
    "devices",
    has_sort_key=True,
    indexes=(IndexSpec("by_heartbeat", pk="onlineShard", sk="heartbeatAt", sk_type="N"),),
    stream=True,
)
JOBS = TableSpec(
    "jobs",
    has_sort_key=False,
    indexes=(
        IndexSpec("by_conversation", pk="conversationId", sk="createdAt", sk_type="N"),
        IndexSpec("by_account", pk="accountId", sk="createdAt", sk_type="N"),
        IndexSpec("by_reference", pk="referenceId", sk="createdAt", sk_type="N"),
    ),
    stream=True,
    ttl=True,
)
POOL = TableSpec("pool", has_sort_key=True, ttl=True)
CONTACTS = TableSpec(
    "contacts",
    has_sort_key=True,
    indexes=(
        IndexSpec("by_activity", pk="inbox", sk="activity", projection="ALL"),
        IndexSpec("by_conversation", pk="conversationId", sk="sk"),
        IndexSpec("by_unread", pk="unreadInbox", sk="unreadSince"),
        IndexSpec("by_opt_out", pk="optOuts", sk="optedOutAt", sk_type="N", projection="ALL"),
    ),
    ttl=True,
)
MESSAGES = TableSpec(
    "messages",
    has_sort_key=True,
    indexes=(IndexSpec("by_conversation", pk="conversationId", sk="place", projection="ALL"),),
    stream=True,
    ttl=True,
)
ACCOUNTS = TableSpec("accounts", has_sort_key=True, ttl=True)
PAIRING = TableSpec("pairing", has_sort_key=True, ttl=True)
WEBHOOKS = TableSpec("webhooks", has_sort_key=True, ttl=True)
BATCHES = TableSpec(
    "batches",
    has_sort_key=True,
    indexes=(IndexSpec("by_account", pk="accountId", sk="createdAt", sk_type="N"),),
    ttl=True,
)
USAGE = TableSpec("usage", has_sort_key=True, ttl=True)
CHANGES = TableSpec("changes", has_sort_key=False, ttl=True)

TABLES: tuple[TableSpec, ...] = (
    *(CLIENTS, DEVICES, JOBS, POOL, CONTACTS, MESSAGES, ACCOUNTS, PAIRING, WEBHOOKS, BATCHES, USAGE, CHANGES),
)


def create_table_input(spec: TableSpec, table_name: str) -> dict[str, Any]:
    """Return the arguments of DynamoDB's ``create_table`` for the spec.

    TTL isn't part of them: DynamoDB sets it with ``update_time_to_live`` on an existing table.
    """
    request: dict[str, Any] = {
        "TableName": table_name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": _key_schema("pk", "sk" if spec.has_sort_key else None),
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind} for name, kind in _attributes(spec)],
    }
    if spec.indexes:
        request["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index.name,
                "KeySchema": _key_schema(index.pk, index.sk),
                "Projection": {"ProjectionType": index.projection},
            }
            for index in spec.indexes
        ]
    if spec.stream:
        request["StreamSpecification"] = {
            "StreamEnabled": True,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        }
    return request


def _key_schema(pk: str, sk: str | None) -> list[dict[str, str]]:
    schema = [{"AttributeName": pk, "KeyType": "HASH"}]
    if sk is not None:
        schema.append({"AttributeName": sk, "KeyType": "RANGE"})
    return schema


def _attributes(spec: TableSpec) -> list[tuple[str, ScalarType]]:
    keys: list[tuple[str, ScalarType]] = [("pk", "S")]
    if spec.has_sort_key:
        keys.append(("sk", "S"))
    for index in spec.indexes:
        keys += [(index.pk, "S"), (index.sk, index.sk_type)]
    return list(dict.fromkeys(keys))
