"""What can be replaced at any time: functions, APIs, triggers, alarms."""

from aws_cdk import CfnOutput, Duration, Environment, IReusableStackSynthesizer, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.config.api_urls import api_host
from infra.config.environments import EnvironmentConfig
from infra.config.function_environment import environment_of, forbid_own_domains, webhook_environment_of
from infra.config.stream_filters import TOLD
from infra.config.table_specs import (
    ACCOUNTS,
    BATCHES,
    CHANGES,
    CLIENTS,
    CONTACTS,
    DEVICES,
    JOBS,
    MESSAGES,
    PAIRING,
    POOL,
    USAGE,
    WEBHOOKS,
)
from infra.constructs.functions import Functions
from infra.constructs.http_api import RestApi
from infra.constructs.monitoring import Monitoring
from infra.constructs.queues import messages_of
from infra.constructs.shared_grants import SharedGrants
from infra.constructs.usage_stream import count_changes_of
from infra.constructs.webhook_recovery import RecoveryMachine, changes_of
from infra.constructs.websocket_api import PhoneApi
from infra.nag_findings import acknowledge_findings
from infra.stacks.data import DataStack


class AppStack(Stack):
    """The stateless stack; each ``_add`` method shows one function with all that it may touch."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        data: DataStack,
        env: Environment | None,
        synthesizer: IReusableStackSynthesizer | None,
        description: str,
    ) -> None:
        super().__init__(scope, construct_id, env=env, synthesizer=synthesizer, description=description)
        self._config = config
        self._tables = data.tables
        self._queues = data.queues
        self._people = data.people
        self._functions = Functions(self, "Functions", config=config)
        self._phones = PhoneApi(self, "PhoneApi", config=config)
        self._grants = SharedGrants(self._tables, self._queues, self._phones)

        client_api, console_api = self._add_client_api(), self._add_console_api()
        rest = RestApi(
            self,
            "RestApi",
            config=config,
            api=data.api,
            client_api=client_api,
            phone_pairing=self._add_phone_pairing(),
            console_api=console_api,
            people=self._people,
        )
        self._phones.connect(authorizer=self._add_phone_auth(), gateway=self._add_phone_gateway())
        self._add_dispatcher()
        self._add_timekeeper()
        self._add_test_player()
        self._add_janitor()
        self._add_event_fanout()
        self._add_usage_counter()
        machine = RecoveryMachine(self, "Recovery", config=config, tasks=self._add_webhook_recovery())
        sender = self._add_webhook_sender(machine)
        own_hosts = [api_host(rest.api.api_id), api_host(self._phones.api.api_id), data.dashboard.host]
        forbid_own_domains(config, own_hosts, client_api, console_api, sender, machine.tasks)
        console_api.add_environment("API_URL", rest.url)
        streamed = [self._tables[spec] for spec in (JOBS, MESSAGES, DEVICES)]
        acknowledge_findings(self._functions, rest, self._phones, machine, streamed)
        Monitoring(
            self,
            "Monitoring",
            config=config,
            functions=self._functions.created,
            queues=self._queues,
            recovery=machine.machine,
            rest=rest.stage,
            phones=self._phones.stage,
        )

        CfnOutput(self, "ApiUrl", value=rest.url)
        if not config.endpoint:
            # What an edge passes requests on to; ApiUrl is the edge's own address then.
            CfnOutput(self, "ApiHost", value=api_host(rest.api.api_id))
        CfnOutput(self, "WebSocketUrl", value=self._phones.url)
        CfnOutput(self, "WebSocketCallbackUrl", value=self._phones.callback_url)

    def _add_client_api(self) -> lambda_.Function:
        environment = {**self._environment(), **self._signing_environment()}
        function = self._functions.create("client_api", timeout=10, environment=environment)
        self._tables.grant(function, CLIENTS, "GetItem", "UpdateItem")
        self._tables.grant(function, DEVICES, "GetItem", "Query", "BatchGetItem")
        self._grants.converse(function)
        self._grants.register_webhooks(function)
        self._tables.grant(function, ACCOUNTS, "GetItem")
        return function

    def _add_console_api(self) -> lambda_.Function:
        environment = {
            **self._environment(),
            **self._signing_environment(),
            "USER_POOL_ID": self._people.pool.user_pool_id,
            "AUDIT_DAYS": str(self._config.audit_days),
        }
        function = self._functions.create("console_api", timeout=10, environment=environment)
        self._tables.grant(
            function, ACCOUNTS, "GetItem", "Query", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem"
        )
        self._tables.grant(function, PAIRING, "GetItem", "Query", "PutItem", "DeleteItem")
        self._tables.grant(function, CLIENTS, "GetItem", "BatchGetItem", "PutItem", "UpdateItem")
        self._tables.grant_index(function, CLIENTS, "by_account", "Query")
        self._tables.grant(function, DEVICES, "GetItem", "Query", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem")
        self._tables.grant(function, DEVICES, "ConditionCheckItem")
        self._grants.converse(function)
        self._tables.grant(function, USAGE, "Query")
        self._tables.grant(function, CHANGES, "GetItem", "UpdateItem")
        # What follows from a change of a phone, and erasure, is the timekeeper's: no right to post to phones here.
        self._grants.register_webhooks(function)
        self._people.grant_manage(function)
        return function

    def _add_phone_pairing(self) -> lambda_.Function:
        function = self._functions.create("phone_pairing", timeout=10, environment=self._environment())
        self._tables.grant(function, PAIRING, "GetItem", "UpdateItem")
        self._tables.grant(function, DEVICES, "PutItem")
        return function

    def _add_phone_auth(self) -> lambda_.Function:
        function = self._functions.create("phone_auth", timeout=5, environment=self._environment())
        self._tables.grant(function, DEVICES, "GetItem")
        return function

    def _add_phone_gateway(self) -> lambda_.Function:
        function = self._functions.create("phone_gateway", timeout=5, environment=self._environment())
        self._grants.dispatch(function)
        self._tables.grant(function, DEVICES, "ConditionCheckItem")
        self._tables.grant(function, MESSAGES, "GetItem", "PutItem", "UpdateItem")
        self._tables.grant(function, CONTACTS, "UpdateItem")
        self._tables.grant(function, ACCOUNTS, "GetItem")
        return function

    def _add_dispatcher(self) -> None:
        function = self._functions.create("dispatcher", timeout=5, environment=self._environment(), may_loop=True)
        self._grants.dispatch(function)
        most = self._config.concurrency
        for queue, runs in zip(self._queues.job_queues, (most.urgent, most.standard, most.bulk), strict=True):
            function.add_event_source(messages_of(queue, runs))

    def _add_timekeeper(self) -> None:
        function = self._functions.create("timekeeper", timeout=5, environment=self._environment(), may_loop=True)
        self._grants.dispatch(function)
        self._tables.grant(function, DEVICES, "ConditionCheckItem")
        # Erasing a number: what was sent to it, what came in from it, and the log entries that told of that.
        self._tables.grant_index(function, JOBS, "by_conversation", "Query")
        self._tables.grant_index(function, MESSAGES, "by_conversation", "Query")
        self._tables.grant(function, MESSAGES, "PutItem")
        self._tables.grant(function, CONTACTS, "UpdateItem", "DeleteItem")
        self._tables.grant(function, WEBHOOKS, "Query", "BatchWriteItem")
        # The messages of a bulk request are made from what it left, which is removed then.
        self._tables.grant(function, BATCHES, "GetItem", "DeleteItem", "BatchWriteItem")
        # So are jobs queued that were to be sent later, when they are due.
        self._queues.grant_send_jobs(function)
        self._queues.grant_background(function)
        function.add_event_source(messages_of(self._queues.timers, self._config.concurrency.timers))
        function.add_event_source(messages_of(self._queues.background, self._config.concurrency.background))

    def _add_test_player(self) -> None:
        """It plays jobs of test worlds, and what comes in there, and has no right to write to phones or live queues."""
        function = self._functions.create("test_player", timeout=5, environment=self._environment(), may_loop=True)
        self._tables.grant(function, JOBS, "GetItem", "PutItem", "UpdateItem")
        self._tables.grant(function, MESSAGES, "GetItem", "PutItem", "UpdateItem")
        self._tables.grant(function, CONTACTS, "GetItem", "UpdateItem")
        self._tables.grant(function, ACCOUNTS, "GetItem")
        # Nothing that it plays reads a phone. The code of the message's path, which it shares, could.
        self._tables.grant(function, DEVICES, "GetItem")
        # Deadlines of what no phone takes, and what ends takes its place out of the pool, where it has one.
        self._tables.grant(function, POOL, "DeleteItem", "BatchWriteItem")
        self._queues.grant_set_timers(function)
        self._queues.test.grant(function, "sqs:SendMessage")
        function.add_event_source(messages_of(self._queues.test, self._config.concurrency.test))

    def _add_janitor(self) -> None:
        function = self._functions.create("janitor", timeout=30, environment=self._environment(), may_loop=True)
        self._grants.dispatch(function)
        self._tables.grant_index(function, DEVICES, "by_heartbeat", "Query")
        self._queues.grant_background(function)
        for queue in self._queues.dead_letter_queues:
            function.add_event_source(messages_of(queue, self._config.concurrency.dead_letters))
        # A run that failed isn't repeated: the next one is a minute away and does all that is left.
        function.configure_async_invoke(retry_attempts=0, max_event_age=Duration.minutes(1))
        every_minute = events.Rule(self, "EveryMinute", schedule=events.Schedule.rate(Duration.minutes(1)))
        every_minute.add_target(targets.LambdaFunction(function, retry_attempts=0, max_event_age=Duration.minutes(1)))

    def _add_event_fanout(self) -> None:
        own = {f"TABLE_{spec.name.upper()}": self._tables[spec].table_name for spec in (CHANGES, DEVICES)}
        environment = {**self._webhook_environment(), **own}
        function = self._functions.create("event_fanout", timeout=10, environment=environment)
        self._tables.grant(function, WEBHOOKS, "Query")
        self._tables.grant(function, DEVICES, "BatchGetItem")  # the numbers that messages went out from
        self._tables.grant(function, CHANGES, "UpdateItem")
        self._queues.grant_send_deliveries(function)
        for spec, told in TOLD.items():
            self._tables.grant_stream(function, spec)
            changes_of(self._tables[spec], function, *told, on_failure=self._queues.event_failures)

    def _add_usage_counter(self) -> None:
        environment = {f"TABLE_{spec.name.upper()}": self._tables[spec].table_name for spec in (USAGE, BATCHES)}
        function = self._functions.create("usage_counter", timeout=30, environment=environment)
        self._tables.grant(function, USAGE, "UpdateItem")
        self._tables.grant(function, BATCHES, "UpdateItem")
        self._tables.grant_stream(function, JOBS)
        self._queues.event_failures.grant(function, "sqs:SendMessage")
        count_changes_of(self._tables[JOBS], function, config=self._config, on_failure=self._queues.event_failures)

    def _add_webhook_recovery(self) -> lambda_.Function:
        function = self._functions.create("webhook_recovery", timeout=120, environment=self._signing_environment())
        self._grants.deliver(function)
        return function

    def _add_webhook_sender(self, machine: RecoveryMachine) -> lambda_.Function:
        """It takes further messages while it waits for a slow endpoint: the event source's rights are enough."""
        environment = {**self._signing_environment(), "RECOVERY_MACHINE_ARN": machine.machine.state_machine_arn}
        function = self._functions.create("webhook_sender", timeout=60, environment=environment, may_loop=True)
        self._grants.deliver(function)
        machine.grant_start(function)
        function.add_event_source(messages_of(self._queues.deliveries, self._config.concurrency.deliveries))
        return function

    def _signing_environment(self) -> dict[str, str]:
        return {**self._webhook_environment(), "SECRETS_KEY_ARN": self._tables.key.key_arn}

    def _webhook_environment(self) -> dict[str, str]:
        return webhook_environment_of(self._config, self._tables, self._queues)

    def _environment(self) -> dict[str, str]:
        return environment_of(self._config, self._tables, self._queues, self._phones)
