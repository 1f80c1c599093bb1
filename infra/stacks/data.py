"""What outlives a deployment: tables, their key, the queues, who may sign in, and the addresses that people know."""

from aws_cdk import CfnOutput, Environment, IReusableStackSynthesizer, Stack
from constructs import Construct

from infra.config.environments import DEFAULT_CONSOLE_URLS, EnvironmentConfig
from infra.config.table_specs import TABLES
from infra.constructs.dashboard import Dashboard
from infra.constructs.http_api import create_api
from infra.constructs.queues import Queues
from infra.constructs.tables import Tables
from infra.constructs.user_pool import People
from infra.nag_findings import acknowledge_data_findings


class DataStack(Stack):
    """The stateful stack."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        env: Environment | None,
        synthesizer: IReusableStackSynthesizer | None,
        termination_protection: bool,
        description: str,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            env=env,
            synthesizer=synthesizer,
            termination_protection=termination_protection,
            description=description,
        )
        self.tables = Tables(self, "Tables", config=config)
        self.queues = Queues(self, "Queues", config=config)
        self.api = create_api(self, config)
        self.dashboard = Dashboard(self, "Dashboard", config=config, api=self.api)
        self.people = People(self, "People", config=config, dashboard_url=self.dashboard.url)
        acknowledge_data_findings(self.queues, self.people, self.dashboard)

        self._keep_what_was_given(config)
        for spec in TABLES:
            CfnOutput(self, f"{spec.name.capitalize()}Table", value=self.tables[spec].table_name)
        CfnOutput(self, "KeyArn", value=self.tables.key.key_arn)
        CfnOutput(self, "UrgentQueueUrl", value=self.queues.urgent.queue_url)
        CfnOutput(self, "StandardQueueUrl", value=self.queues.standard.queue_url)
        CfnOutput(self, "BulkQueueUrl", value=self.queues.bulk.queue_url)
        CfnOutput(self, "TimersQueueUrl", value=self.queues.timers.queue_url)
        CfnOutput(self, "BackgroundQueueUrl", value=self.queues.background.queue_url)
        CfnOutput(self, "DeliveriesQueueUrl", value=self.queues.deliveries.queue_url)
        CfnOutput(self, "DashboardUrl", value=self.dashboard.url)
        CfnOutput(self, "DashboardBucket", value=self.dashboard.bucket.bucket_name)
        CfnOutput(self, "DashboardHost", value=self.dashboard.distribution.distribution_domain_name)

    def _keep_what_was_given(self, config: EnvironmentConfig) -> None:
        """The next deployment goes on with it (docs/decisions/0017)."""
        given = {
            "GivenAlarmEmail": config.alarm_email,
            "GivenConsoleUrls": None if config.console_urls == DEFAULT_CONSOLE_URLS else ",".join(config.console_urls),
            "GivenDashboardDomain": config.dashboard_domain,
            "GivenDashboardCertificate": config.dashboard_certificate,
            "GivenSelfSignUp": "true" if config.self_sign_up else None,
            "GivenTracing": "true" if config.tracing else None,
            "GivenEdge": "true" if config.edge else None,
        }
        for name, value in given.items():
            if value:
                CfnOutput(self, name, value=value)
