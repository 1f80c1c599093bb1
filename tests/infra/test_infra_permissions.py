"""Who may touch what, written down a second time: a grant that slips in fails here."""

from __future__ import annotations

import pytest

READ_WRITE = {"GetItem", "Query", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem"}
DISPATCH_TABLES = {
    "Devices": READ_WRITE,
    "Jobs": READ_WRITE,
    "Pool": {"GetItem", "Query", "PutItem", "DeleteItem", "BatchWriteItem"},
    "Contacts": {"GetItem", "BatchGetItem"},
}
# Who changes the lanes of a phone checks the phone in the same transaction.
FIT_LANES = {"Devices": READ_WRITE | {"ConditionCheckItem"}}
# Both APIs accept bulk requests, and only the timekeeper makes what they ask for.
BATCHES = {"GetItem", "Query", "BatchGetItem", "PutItem", "UpdateItem", "BatchWriteItem"}
STREAM = {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"}
# The two functions that talk to the outside world reach this table and the deliveries queue, and nothing else of ours.
DELIVERY_TABLES = {"Webhooks": READ_WRITE}
TABLE_ACTIONS = {
    "client_api": {
        "Clients": {"GetItem", "UpdateItem"},
        "Devices": {"GetItem", "Query", "BatchGetItem"},
        "Jobs": {"PutItem", "GetItem", "BatchGetItem", "UpdateItem", "DeleteItem"},
        "Pool": {"GetItem", "Query", "PutItem", "DeleteItem"},
        "Contacts": {"GetItem", "BatchGetItem", "UpdateItem"},
        "Messages": {"Query", "BatchGetItem", "PutItem"},
        "Accounts": {"GetItem"},
        "Batches": BATCHES,
        "Webhooks": READ_WRITE - {"BatchGetItem"},
    },
    "console_api": {
        "Accounts": READ_WRITE,
        "Pairing": READ_WRITE - {"BatchGetItem", "UpdateItem"},
        "Clients": {"GetItem", "BatchGetItem", "PutItem", "UpdateItem"},
        "Devices": READ_WRITE | {"ConditionCheckItem"},
        "Pool": {"GetItem", "Query", "PutItem", "DeleteItem"},
        "Jobs": {"PutItem", "GetItem", "BatchGetItem", "UpdateItem", "DeleteItem"},
        "Contacts": {"GetItem", "BatchGetItem", "UpdateItem"},
        "Messages": {"Query", "BatchGetItem", "PutItem"},
        "Batches": BATCHES,
        "Usage": {"Query"},
        "Changes": {"GetItem", "UpdateItem"},
        "Webhooks": READ_WRITE - {"BatchGetItem"},
    },
    "usage_counter": {
        "Usage": {"UpdateItem"},
        "Batches": {"UpdateItem"},
        "Jobs": {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"},
    },
    "phone_pairing": {"Pairing": {"GetItem", "UpdateItem"}, "Devices": {"PutItem"}},
    "phone_auth": {"Devices": {"GetItem"}},
    "phone_gateway": DISPATCH_TABLES
    | FIT_LANES
    | {
        "Accounts": {"GetItem"},
        "Contacts": {"GetItem", "BatchGetItem", "UpdateItem"},
        "Messages": {"GetItem", "PutItem", "UpdateItem"},
    },
    "dispatcher": DISPATCH_TABLES,
    "timekeeper": DISPATCH_TABLES
    | FIT_LANES
    | {
        "Contacts": {"GetItem", "BatchGetItem", "UpdateItem", "DeleteItem"},
        "Messages": {"PutItem"},
        "Webhooks": {"Query", "BatchWriteItem"},
        "Batches": {"GetItem", "DeleteItem", "BatchWriteItem"},
    },
    "test_player": {
        "Jobs": {"GetItem", "PutItem", "UpdateItem"},
        "Messages": {"GetItem", "PutItem", "UpdateItem"},
        "Contacts": {"GetItem", "UpdateItem"},
        "Accounts": {"GetItem"},
        "Devices": {"GetItem"},
        "Pool": {"DeleteItem", "BatchWriteItem"},
    },
    "janitor": DISPATCH_TABLES,
    "event_fanout": {
        "Webhooks": {"Query"},
        "Changes": {"UpdateItem"},
        "Jobs": STREAM,
        "Messages": STREAM,
        "Devices": STREAM | {"BatchGetItem"},
    },
    "webhook_sender": DELIVERY_TABLES,
    "webhook_recovery": DELIVERY_TABLES,
}
SENDS_TO = {
    "client_api": {"Urgent", "Standard", "Bulk", "Test", "Timers", "Background", "Deliveries"},
    "console_api": {"Urgent", "Standard", "Bulk", "Test", "Timers", "Background", "Deliveries"},
    "usage_counter": {"EventFailures"},
    "phone_pairing": set(),
    "phone_auth": set(),
    "phone_gateway": {"Timers"},
    "dispatcher": {"Timers"},
    "timekeeper": {"Urgent", "Standard", "Bulk", "Test", "Timers", "Background"},
    "test_player": {"Test", "Timers"},
    "janitor": {"Timers", "Background"},
    "event_fanout": {"Deliveries", "EventFailures"},
    "webhook_sender": {"Deliveries"},
    "webhook_recovery": {"Deliveries"},
}
CONSUMES = {
    "dispatcher": {"Urgent", "Standard", "Bulk"},
    "timekeeper": {"Timers", "Background"},
    "test_player": {"Test"},
    "janitor": {"UrgentDeadLetters", "StandardDeadLetters", "BulkDeadLetters", "TimersDeadLetters", "TestDeadLetters"},
    "webhook_sender": {"Deliveries"},
}
INDEXES = {
    "janitor": {"Devices/by_heartbeat"},
    "timekeeper": {"Jobs/by_conversation", "Messages/by_conversation"},
    "client_api": {
        "Batches/by_account",
        *("Contacts/by_activity", "Contacts/by_conversation", "Contacts/by_opt_out", "Contacts/by_unread"),
        *("Jobs/by_account", "Jobs/by_conversation", "Jobs/by_reference", "Messages/by_conversation"),
    },
    "console_api": {
        "Batches/by_account",
        *("Clients/by_account", "Jobs/by_account", "Jobs/by_conversation", "Jobs/by_reference"),
        "Messages/by_conversation",
        *("Contacts/by_activity", "Contacts/by_conversation", "Contacts/by_opt_out", "Contacts/by_unread"),
    },
}
SECRETS = {
    "client_api": "kms:Encrypt",
    "console_api": "kms:Encrypt",
    "webhook_sender": "kms:Decrypt",
    "webhook_recovery": "kms:Decrypt",
}
POSTS = {"phone_gateway", "dispatcher", "timekeeper", "janitor"}
FUNCTIONS = sorted(TABLE_ACTIONS)

TABLES = (
    *("Clients", "Devices", "Jobs", "Pool", "Contacts", "Messages", "Accounts", "Pairing", "Webhooks", "Usage"),
    *("Batches", "Changes"),
)
QUEUES = ("Urgent", "Standard", "Bulk", "Timers", "Background", "Test", "Deliveries")
QUEUE_EXPORTS = {f"{name}{kind}": f"Queues{name}{kind}" for name in QUEUES for kind in ("", "DeadLetters")}
QUEUE_EXPORTS["EventFailures"] = "QueuesEventFailures"


def allowed(prod, name, service):
    """Each (action, resource) of one service that the function's role allows."""
    prefix = f"{service}:"
    for actions, resources, _ in prod.app.statements(name):
        for action in actions:
            if action.startswith(prefix):
                yield from ((action.removeprefix(prefix), resource) for resource in resources)


def queues_with(prod, name, action):
    found = set()
    for granted, resource in allowed(prod, name, "sqs"):
        if granted == action:
            names = [queue for queue, export in QUEUE_EXPORTS.items() if f"FnGetAtt{export}" in resource]
            found.add(max(names, key=len))
    return found


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_may_do_to_tables_what_it_needs_and_no_more(prod, name):
    granted: dict[str, set[str]] = {}
    for action, resource in allowed(prod, name, "dynamodb"):
        if "/index/" not in resource:
            [table] = [table for table in TABLES if f"FnGetAttTables{table}" in resource]
            granted.setdefault(table, set()).add(action)

    assert granted == TABLE_ACTIONS[name]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_queries_its_indexes_only(prod, name):
    on_indexes = [pair for pair in allowed(prod, name, "dynamodb") if "/index/" in pair[1]]

    assert {action for action, _ in on_indexes} <= {"Query"}
    found = set()
    for _, resource in on_indexes:
        [table] = [table for table in TABLES if f"FnGetAttTables{table}" in resource]
        found.add(f"{table}/{resource.rpartition('/index/')[2].partition(chr(34))[0]}")
    assert found == INDEXES.get(name, set())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_sends_to_its_queues_only(prod, name):
    assert queues_with(prod, name, "SendMessage") == SENDS_TO[name]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_consumes_its_queues_only(prod, name):
    assert queues_with(prod, name, "ReceiveMessage") == CONSUMES.get(name, set())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_functions_that_talk_to_phones_may_post_to_connections(prod, name):
    posts = list(allowed(prod, name, "execute-api"))

    assert {action for action, _ in posts} == ({"ManageConnections"} if name in POSTS else set())
    for _, resource in posts:
        assert "/v1/POST/@connections/*" in resource or "/v1/DELETE/@connections/*" in resource


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_key_serves_dynamodb_and_signing_secrets_only(prod, name):
    kms = [
        (actions, statement["Condition"]["StringEquals"])
        for actions, _, statement in prod.app.statements(name)
        if any(action.startswith("kms:") for action in actions)
    ]

    assert kms
    for actions, condition in kms:
        if "kms:ViaService" not in condition:
            assert (actions, condition) == (
                {SECRETS[name]},
                {"kms:EncryptionContext:purpose": "webhook-secret"},
            )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_who_registers_endpoints_may_seal_their_secrets_and_who_signs_may_open_them(prod, name):
    granted = [
        actions
        for actions, _, statement in prod.app.statements(name)
        if "kms:EncryptionContext:purpose" in statement.get("Condition", {}).get("StringEquals", {})
    ]

    assert granted == ([{SECRETS[name]}] if name in SECRETS else [])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_nothing_is_allowed_on_everything_but_tracing(prod, name):
    for actions, resources, _ in prod.app.statements(name):
        assert not any("*" in action for action in actions)
        if '"*"' in resources:
            assert actions == {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
        services = {action.split(":")[0] for action in actions}
        assert services <= {"dynamodb", "kms", "sqs", "logs", "xray", "execute-api", "states", "cognito-idp"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_the_console_manages_users_and_of_one_pool_only(prod, name):
    granted = list(allowed(prod, name, "cognito-idp"))

    if name != "console_api":
        assert granted == []
        return
    assert {action for action, _ in granted} == {
        *("AdminCreateUser", "AdminGetUser", "AdminDeleteUser", "AdminAddUserToGroup", "AdminRemoveUserFromGroup")
    }
    for _, resource in granted:
        assert "PeoplePool" in resource and "*" not in resource


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_the_sender_starts_executions_and_of_one_machine_only(prod, name):
    granted = list(allowed(prod, name, "states"))

    if name != "webhook_sender":
        assert granted == []
        return
    [(action, resource)] = granted
    [machine] = prod.app.of_type("AWS::StepFunctions::StateMachine")
    assert action == "StartExecution"
    assert machine in resource and "*" not in resource


def test_the_state_machine_may_invoke_its_tasks_and_nothing_else(prod):
    [machine] = prod.app.of_type("AWS::StepFunctions::StateMachine").values()
    role = machine["Properties"]["RoleArn"]["Fn::GetAtt"][0]
    statements = [
        statement
        for policy in prod.app.of_type("AWS::IAM::Policy").values()
        if {"Ref": role} in policy["Properties"]["Roles"]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]

    [invoke] = [statement for statement in statements if "lambda:InvokeFunction" in statement["Action"]]
    assert "WebhookRecovery" in invoke["Resource"]["Fn::GetAtt"][0]
    for statement in statements:
        if statement is not invoke:
            assert all(action.startswith("xray:") for action in statement["Action"])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_writes_only_its_own_log(prod, name):
    own_group = prod.app.function(name)["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]

    groups = [resource for action, resource in allowed(prod, name, "logs")]

    assert groups
    assert all(own_group in group for group in groups)


def test_each_function_has_a_role_of_its_own_without_managed_policies(prod):
    roles = [prod.app.function(name)["Properties"]["Role"]["Fn::GetAtt"][0] for name in FUNCTIONS]

    assert len(set(roles)) == len(FUNCTIONS)
    for role in roles:
        assert "ManagedPolicyArns" not in prod.app.resources[role]["Properties"]
