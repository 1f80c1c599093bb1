"""How usage is counted: the event source that hands the changes of jobs to ``usage_counter``."""

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs

from infra.config.environments import EnvironmentConfig

_COUNTED_STATES = ("Sent", "Delivered", "Failed", "DeadLetter")


def count_changes_of(
    table: dynamodb.Table, function: lambda_.Function, *, config: EnvironmentConfig, on_failure: sqs.IQueue
) -> None:
    """Invoke the function with what changes figures: jobs accepted, jobs that come to a counted state, jobs taken back;
    and every change of a job that is of a batch.

    The batching window makes many messages share a write. With a tumbling window Lambda names the shard of a batch, and
    by that the function knows a record that comes again. One batch of a shard at a time, in order, is relied on too.
    """
    accepted = lambda_.FilterCriteria.filter({"eventName": lambda_.FilterRule.is_equal("INSERT")})
    counted = lambda_.FilterCriteria.filter(
        {
            "eventName": lambda_.FilterRule.is_equal("MODIFY"),
            "dynamodb": {"NewImage": {"status": {"S": lambda_.FilterRule.or_(*_COUNTED_STATES)}}},
        }
    )
    taken_back = lambda_.FilterCriteria.filter(
        {
            "eventName": lambda_.FilterRule.is_equal("REMOVE"),
            "dynamodb": {"OldImage": {"status": {"S": lambda_.FilterRule.is_equal("Pending")}}},
        }
    )
    of_batch = lambda_.FilterCriteria.filter(
        {
            "eventName": lambda_.FilterRule.is_equal("MODIFY"),
            "dynamodb": {"NewImage": {"batchId": {"S": lambda_.FilterRule.exists()}}},
        }
    )
    mapping = lambda_.EventSourceMapping(
        function,
        "Usage",
        target=function,
        event_source_arn=table.table_stream_arn,
        starting_position=lambda_.StartingPosition.TRIM_HORIZON,
        batch_size=1000,
        max_batching_window=Duration.seconds(config.usage_window_seconds),
        tumbling_window=Duration.minutes(15),
        parallelization_factor=1,
        bisect_batch_on_error=True,
        report_batch_item_failures=True,
        retry_attempts=100,
        max_record_age=Duration.hours(12),
        on_failure=sources.SqsDlq(on_failure),
        filters=[accepted, counted, taken_back, of_batch],
    )
    # Lambda looks at the role's rights when the mapping is made.
    assert function.role is not None  # noqa: S101
    mapping.node.add_dependency(function.role)
