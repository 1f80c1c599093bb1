"""How webhooks recover: the state machine, and the event source that turns changes of tables into events."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from infra.config.environments import EnvironmentConfig
from infra.config.stream_filters import Pattern
from infra.packaging.build import ROOT

RECOVERY_DEFINITION = ROOT / "infra" / "constructs" / "webhook_recovery.asl.json"


class RecoveryMachine(Construct):
    """The state machine of ``webhook_recovery.asl.json``: one execution for an endpoint and an outage."""

    def __init__(
        self, scope: Construct, construct_id: str, *, config: EnvironmentConfig, tasks: lambda_.Function
    ) -> None:
        super().__init__(scope, construct_id)
        self.tasks = tasks
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("states.amazonaws.com"))
        iam.Grant.add_to_principal(
            grantee=self.role, actions=["lambda:InvokeFunction"], resource_arns=[tasks.function_arn]
        )
        self.machine = stepfunctions.StateMachine(
            self,
            "Machine",
            state_machine_name=f"smskit-{config.name}-webhook-recovery",
            state_machine_type=stepfunctions.StateMachineType.STANDARD,
            definition_body=stepfunctions.DefinitionBody.from_string(RECOVERY_DEFINITION.read_text()),
            definition_substitutions={"RecoveryFunctionArn": tasks.function_arn},
            role=self.role,
            tracing_enabled=config.tracing,
        )

    def grant_start(self, grantee: iam.IGrantable) -> None:
        """Allow starting executions of this machine, and nothing else of Step Functions."""
        iam.Grant.add_to_principal(
            grantee=grantee, actions=["states:StartExecution"], resource_arns=[self.machine.state_machine_arn]
        )


def changes_of(table: dynamodb.Table, function: lambda_.Function, *told: Pattern, on_failure: sqs.IQueue) -> None:
    """Invoke the function with the changes of a table that fit one of the patterns; retries end, and are noted."""
    mapping = lambda_.EventSourceMapping(
        function,
        f"{table.node.id}Changes",
        target=function,
        event_source_arn=table.table_stream_arn,
        starting_position=lambda_.StartingPosition.TRIM_HORIZON,
        batch_size=100,
        bisect_batch_on_error=True,
        report_batch_item_failures=True,
        retry_attempts=20,
        max_record_age=Duration.hours(1),
        on_failure=sources.SqsDlq(on_failure),
        filters=[lambda_.FilterCriteria.filter(pattern) for pattern in told],
    )
    # Lambda looks at the role's rights when the mapping is made.
    assert function.role is not None  # noqa: S101
    mapping.node.add_dependency(function.role)
