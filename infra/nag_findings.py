"""Findings of cdk-nag that stand on purpose, each with its reason.

Every other finding of its AwsSolutions rules fails the tests.
"""

from collections.abc import Sequence

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_dynamodb as dynamodb
from constructs import IConstruct

from infra.config.environments import LAMBDA_PYTHON, WEBSOCKET_STAGE
from infra.constructs.dashboard import Dashboard
from infra.constructs.edge import Edge
from infra.constructs.functions import Functions
from infra.constructs.http_api import RestApi
from infra.constructs.queues import Queues
from infra.constructs.user_pool import People
from infra.constructs.webhook_recovery import RecoveryMachine
from infra.constructs.websocket_api import PhoneApi


def acknowledge_data_findings(queues: Queues, people: People, dashboard: Dashboard) -> None:
    """Acknowledge what the stateful stack's findings are about."""
    _acknowledge(queues.event_failures, "SQS3", "it is where an event source puts what it gave up: nobody consumes it")
    _acknowledge(people.pool, "COG2", "a second factor is offered (TOTP); docs/decisions/0030 says why it isn't forced")
    _acknowledge(people.pool, "COG3", "threat protection takes the Plus plan; docs/decisions/0030 weighs it")
    _acknowledge(people.pool, "COG8", "the Plus plan is for threat protection; docs/decisions/0030 weighs it")
    _acknowledge(dashboard.bucket, "S1", "the same files for everybody: who reads which says nothing")
    _acknowledge(dashboard.distribution, "CFR1", "people who sign in are wherever they are")
    _acknowledge(dashboard.distribution, "CFR2", "files are static, and the API behind it has throttles of its own")
    _acknowledge(
        dashboard.distribution, "CFR3", "CloudFront's log has paths, which may hold telephone numbers; the API logs"
    )
    _acknowledge(dashboard.distribution, "CFR4", "a domain of CloudFront's own has its certificate and protocols given")


def acknowledge_edge_findings(edge: Edge) -> None:
    """Acknowledge what the findings of the stack before the API are about."""
    _acknowledge(edge.distribution, "CFR1", "clients and phones are wherever their owners are")
    _acknowledge(
        edge.distribution, "CFR3", "CloudFront's log has paths, which may hold telephone numbers; the API logs"
    )
    _acknowledge(edge.distribution, "CFR4", "a domain of CloudFront's own has its certificate and protocols given")


def acknowledge_findings(
    functions: Functions, rest: RestApi, phones: PhoneApi, recovery: RecoveryMachine, streamed: Sequence[dynamodb.Table]
) -> None:
    """Acknowledge each finding on the construct that it is about, and nowhere else."""
    for name, function in functions.created.items():
        _acknowledge(
            function, "L1", f"python{LAMBDA_PYTHON} is supported, and the layers' wheels and bytecode are made for it"
        )
        _acknowledge(
            _role_of(functions, name), "IAM5[Resource::*]", "X-Ray's write actions can't be limited to a resource"
        )
    for name in ("phone_gateway", "dispatcher", "timekeeper", "janitor"):
        for method in ("POST", "DELETE"):
            _acknowledge(
                _role_of(functions, name),
                f"IAM5[Resource::{_connections(phones, method)}]",
                "the ids of connections are known only once phones connect; this covers one stage of one API",
            )
    _acknowledge(
        recovery.machine, "SF1", "an execution's history holds every event for 90 days; a log would hold it twice"
    )
    _acknowledge(recovery.machine, "SF2", "traces are a switch that is off: a history tells of each step anyway")
    _acknowledge(recovery.role, "IAM5[Resource::*]", "X-Ray's write actions can't be limited to a resource")
    jobs = streamed[0]
    readers = [("event_fanout", table) for table in streamed] + [("usage_counter", jobs)]
    for reader, table in readers:
        # The export that the reference makes anyway; its name is how cdk-nag writes the table.
        name = Stack.of(recovery).resolve(Stack.of(table).export_value(table.table_arn))["Fn::ImportValue"]
        _acknowledge(
            _role_of(functions, reader),
            f"IAM5[Resource::{name}/stream/*]",
            "listing streams can't be limited to one; this covers those of one table",
        )
    _acknowledge(rest, "APIG4", "client_api checks the API key itself: one conditional write checks and counts")
    _acknowledge(
        phones.api, "APIG4", "API Gateway authorizes $connect; the other routes exist only within such a connection"
    )
    _acknowledge(
        phones.logging,
        "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]",
        "API Gateway's account-wide logging role is documented to need exactly this policy",
    )


def _role_of(functions: Functions, name: str) -> IConstruct:
    role = functions.created[name].role
    assert role is not None  # noqa: S101
    return role


def _acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    Validations.of(construct).acknowledge(Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason))


def _connections(phones: PhoneApi, method: str) -> str:
    """The ARN of the connections the way cdk-nag writes it."""
    logical_id = Stack.of(phones).resolve(phones.api.api_id)["Ref"]
    account = "<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>"
    return f"arn:{account}:<{logical_id}>/{WEBSOCKET_STAGE}/{method}/@connections/*"
