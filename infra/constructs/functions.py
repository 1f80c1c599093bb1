"""What every function has in common: runtime, tracing, logs, and a role that starts with nothing."""

from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config.environments import EnvironmentConfig
from infra.packaging.assets import LAMBDA_RUNTIME, Layers, function_code

_MEMORY_MB = 512
# A processor's share grows with it, and these have five seconds, also for their first call (docs/decisions/0019).
_MEMORY_ON_THE_PATH_MB = 1024
_ON_THE_PATH = ("dispatcher", "phone_gateway", "phone_auth")


class Functions(Construct):
    """Creates functions, one a folder in ``functions/``, with the defaults of this project."""

    def __init__(self, scope: Construct, construct_id: str, *, config: EnvironmentConfig) -> None:
        super().__init__(scope, construct_id)
        self._config = config
        self._layers = Layers(self, "Layers", wheels=config.wheels)
        self.created: dict[str, lambda_.Function] = {}

    def create(
        self, name: str, *, timeout: int, environment: Mapping[str, str], may_loop: bool = False
    ) -> lambda_.Function:
        """Create the function of ``functions/<name>``; it may write its own log and traces, nothing else.

        ``timeout`` is in seconds. ``may_loop`` is for functions whose queue messages lead back to
        themselves by design: an offer that nobody claims makes the next offer and so the next timer.
        Lambda would take that for a runaway loop and drop the message after 16 rounds; here the
        job's deadline ends it.
        """
        construct_id = "".join(part.capitalize() for part in name.split("_"))
        log_group = self._log_group(construct_id, name)
        role = iam.Role(self, f"{construct_id}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        function = lambda_.Function(
            self,
            construct_id,
            function_name=f"smskit-{self._config.name}-{name.replace('_', '-')}",
            runtime=LAMBDA_RUNTIME,
            architecture=lambda_.Architecture.ARM_64,
            memory_size=_MEMORY_ON_THE_PATH_MB if name in _ON_THE_PATH else _MEMORY_MB,
            timeout=Duration.seconds(timeout),
            handler="handler.lambda_handler",
            code=function_code(name, self._config.wheels),
            layers=list(self._layers.all),
            role=role,
            log_group=log_group,
            tracing=lambda_.Tracing.ACTIVE if self._config.tracing else lambda_.Tracing.DISABLED,
            recursive_loop=lambda_.RecursiveLoop.ALLOW if may_loop else None,
            environment={**_powertools(name), **environment},
        )
        self.created[name] = function
        return function

    def _log_group(self, construct_id: str, name: str) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            f"{construct_id}Logs",
            log_group_name=f"/smskit/{self._config.name}/{name}",
            retention=retention(self._config.log_retention_days),
            removal_policy=RemovalPolicy.DESTROY,
        )


def retention(days: int) -> logs.RetentionDays:
    """The CDK's name for a number of days."""
    return {1: logs.RetentionDays.ONE_DAY, 7: logs.RetentionDays.ONE_WEEK, 30: logs.RetentionDays.ONE_MONTH}[days]


def _powertools(name: str) -> dict[str, str]:
    return {
        "POWERTOOLS_SERVICE_NAME": name,
        "POWERTOOLS_METRICS_NAMESPACE": "SMSKit",
        "LOG_LEVEL": "INFO",
    }
