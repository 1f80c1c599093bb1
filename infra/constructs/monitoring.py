"""Alarms that call a person, and one page that shows whether messages flow."""

from collections.abc import Mapping, Sequence

from aws_cdk import Aws, Duration
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from infra.config.environments import EnvironmentConfig
from infra.constructs.queues import Queues

_MINUTE = Duration.minutes(1)
_FIVE_MINUTES = Duration.minutes(5)
_ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
# In five minutes: ten a second. Below that, refusals are people's mistakes and clients over their limit.
_MANY_REFUSALS = 3_000
_QUIET = cloudwatch.TreatMissingData.NOT_BREACHING


class Monitoring(Construct):
    """Alarms on one topic, and a dashboard."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        functions: Mapping[str, lambda_.Function],
        queues: Queues,
        recovery: stepfunctions.StateMachine,
        rest: apigatewayv2.HttpStage,
        phones: apigatewayv2.WebSocketStage,
    ) -> None:
        super().__init__(scope, construct_id)
        self._topic = self._create_topic(config)
        for name, function in functions.items():
            self._watch_function(name, function)
        self._watch_throttles()
        for name, queue in zip(
            ("Urgent", "Standard", "Bulk", "Timers", "Test"), queues.dead_letter_queues, strict=True
        ):
            outcome = "its jobs end or it is set again" if name == "Timers" else "its job is now DeadLetter"
            self._watch_dead_letters(name, queue, outcome)
        self._watch_given_up(functions["dispatcher"])
        self._watch_urgent_age(queues.urgent)
        self._watch_janitor(functions["janitor"])
        self._watch_webhooks(queues, recovery)
        self._watch_refusals(rest, phones)
        _dashboard(self, config, functions, queues)

    def _create_topic(self, config: EnvironmentConfig) -> sns.Topic:
        """A topic that alarms of this account may publish to.

        A policy of its own, as `enforce_ssl` makes one, takes the place of the default that lets the account publish:
        without a statement for CloudWatch every alarm would change its state and tell nobody.
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
        """
        topic = sns.Topic(self, "Alarms", display_name=f"SMSKit {config.name} alarms", enforce_ssl=True)
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsMayPublish",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        if config.alarm_email:
            topic.add_subscription(subscriptions.EmailSubscription(config.alarm_email))
        return topic

    def _watch_function(self, name: str, function: lambda_.Function) -> None:
        prefix = "".join(part.capitalize() for part in name.split("_"))
        self._alarm(
            f"{prefix}Errors",
            function.metric_errors(period=_FIVE_MINUTES, statistic="Sum"),
            threshold=1,
            what=f"{name} raised an error; see its log group",
        )

    def _watch_throttles(self) -> None:
        """Of all functions in the account and region: one alarm, since they share what they run out of."""
        metric = cloudwatch.Metric(
            namespace="AWS/Lambda", metric_name="Throttles", period=_FIVE_MINUTES, statistic="Sum"
        )
        self._alarm(
            "Throttles",
            metric,
            threshold=1,
            what="functions were throttled: the account's Lambda concurrency is used up",
        )

    def _watch_dead_letters(self, name: str, queue: sqs.IQueue, outcome: str) -> None:
        """Count what is received: the janitor empties the queue within a second, so its length stays 0.

        Nor is a message that a redrive policy moves here counted as sent.
        """
        self._alarm(
            f"{name}DeadLetters",
            queue.metric_number_of_messages_received(period=_MINUTE, statistic="Sum"),
            threshold=1,
            what=f"a message of the {name.lower()} queue was received in vain until it was given up; {outcome}",
        )

    def _watch_given_up(self, dispatcher: lambda_.Function) -> None:
        """What the dispatcher ends by itself reaches no queue of dead letters; its own metric says it."""
        metric = cloudwatch.Metric(
            namespace="SMSKit",
            metric_name="JobsGivenUp",
            dimensions_map={"function": dispatcher.function_name},
            period=_MINUTE,
            statistic="Sum",
        )
        self._alarm("JobsGivenUp", metric, threshold=1, what="a message failed five times; its job ends")

    def _watch_urgent_age(self, urgent: sqs.IQueue) -> None:
        self._alarm(
            "UrgentTooOld",
            urgent.metric_approximate_age_of_oldest_message(period=_MINUTE, statistic="Maximum"),
            threshold=60,
            minutes=3,
            what="an urgent message has waited for a minute or more",
        )

    def _watch_janitor(self, janitor: lambda_.Function) -> None:
        alarm = cloudwatch.Alarm(
            self,
            "JanitorMissing",
            metric=janitor.metric_invocations(period=_FIVE_MINUTES, statistic="Sum"),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
            alarm_description="the janitor hasn't run for five minutes: jobs don't expire, dead phones look online",
        )
        alarm.add_alarm_action(actions.SnsAction(self._topic))

    def _watch_webhooks(self, queues: Queues, recovery: stepfunctions.StateMachine) -> None:
        """Nobody consumes these two queues, so here their length counts."""
        self._alarm(
            "DeliveriesLost",
            queues.lost_deliveries.metric_approximate_number_of_messages_visible(period=_MINUTE, statistic="Maximum"),
            threshold=1,
            what="a webhook delivery failed again and again on our side; send it back with a redrive of its queue",
        )
        self._alarm(
            "EventsLost",
            queues.event_failures.metric_approximate_number_of_messages_visible(period=_MINUTE, statistic="Maximum"),
            threshold=1,
            what="changes could not be told or counted; the messages name the stretch of the stream",
        )
        self._alarm(
            "RecoveryFailed",
            recovery.metric_failed(period=_FIVE_MINUTES, statistic="Sum"),
            threshold=1,
            what="the recovery of a webhook endpoint failed: it stays Recovering; start its execution again",
        )
        self._alarm(
            "DeliveriesTooOld",
            queues.deliveries.metric_approximate_age_of_oldest_message(period=_MINUTE, statistic="Maximum"),
            threshold=300,
            minutes=3,
            what="a webhook delivery has waited for five minutes or more",
        )

    def _watch_refusals(self, rest: apigatewayv2.HttpStage, phones: apigatewayv2.WebSocketStage) -> None:
        """Floods: without a key, with forged ones, or of guesses. What a throttle turned away counts too."""
        metrics = {
            "RestRefusals": rest.metric_client_error(period=_FIVE_MINUTES, statistic="Sum"),
            "PhoneRefusals": phones.metric("ClientError", period=_FIVE_MINUTES, statistic="Sum"),
        }
        for name, metric in metrics.items():
            self._alarm(
                name,
                metric,
                threshold=_MANY_REFUSALS,
                what="ten requests a second are refused: see the API's access log for their routes and addresses",
            )

    def _alarm(
        self, construct_id: str, metric: cloudwatch.Metric, *, threshold: int, what: str, minutes: int = 1
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            construct_id,
            metric=metric,
            threshold=threshold,
            evaluation_periods=minutes,
            comparison_operator=_ABOVE,
            treat_missing_data=_QUIET,
            alarm_description=what,
        )
        alarm.add_alarm_action(actions.SnsAction(self._topic))


def _dashboard(
    scope: Construct, config: EnvironmentConfig, functions: Mapping[str, lambda_.Function], queues: Queues
) -> None:
    """Dashboards of an account share their names over all regions."""
    dashboard = cloudwatch.Dashboard(scope, "Dashboard", dashboard_name=f"SMSKit-{config.name}-{Aws.REGION}")
    everything = list(functions.values())
    dashboard.add_widgets(
        _graph("Waiting messages", [queue.metric_approximate_number_of_messages_visible() for queue in _all(queues)]),
        _graph("Oldest message, s", [queue.metric_approximate_age_of_oldest_message() for queue in _all(queues)]),
        _graph("Dead letters", [queue.metric_number_of_messages_received() for queue in queues.dead_letter_queues]),
    )
    dashboard.add_widgets(
        _graph("Invocations", [function.metric_invocations() for function in everything]),
        _graph("Errors", [function.metric_errors() for function in everything]),
        _graph("Duration p95, ms", [function.metric_duration(statistic="p95") for function in everything]),
    )


def _all(queues: Queues) -> tuple[sqs.Queue, ...]:
    return (*queues.job_queues, queues.timers, queues.background, queues.test, queues.deliveries)


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=8, height=6)
