"""The environment variables of the functions: where their tables, queues and APIs are, and the pace."""

from aws_cdk import aws_lambda as lambda_

from infra.config.environments import EnvironmentConfig
from infra.config.table_specs import TABLES, WEBHOOKS
from infra.constructs.queues import Queues
from infra.constructs.tables import Tables
from infra.constructs.websocket_api import PhoneApi


def environment_of(config: EnvironmentConfig, tables: Tables, queues: Queues, phones: PhoneApi) -> dict[str, str]:
    """For functions on the path of messages, and for the APIs."""
    return {
        **{f"TABLE_{spec.name.upper()}": tables[spec].table_name for spec in TABLES},
        "QUEUE_URGENT_URL": queues.urgent.queue_url,
        "QUEUE_STANDARD_URL": queues.standard.queue_url,
        "QUEUE_BULK_URL": queues.bulk.queue_url,
        "QUEUE_TIMERS_URL": queues.timers.queue_url,
        "QUEUE_BACKGROUND_URL": queues.background.queue_url,
        "QUEUE_TEST_URL": queues.test.queue_url,
        "WEBSOCKET_CALLBACK_URL": phones.callback_url,
        "WEBSOCKET_PUBLIC_URL": phones.url,
        "HEARTBEAT_SECONDS": str(config.heartbeat_seconds),
        "REPORT_SECONDS": str(config.report_seconds),
        "RETENTION_DAYS": str(config.retention_days),
    }


def webhook_environment_of(config: EnvironmentConfig, tables: Tables, queues: Queues) -> dict[str, str]:
    """For functions that register endpoints, tell them of events, or send to them."""
    return {
        "TABLE_WEBHOOKS": tables[WEBHOOKS].table_name,
        "QUEUE_DELIVERIES_URL": queues.deliveries.queue_url,
        "RETENTION_DAYS": str(config.retention_days),
        "WEBHOOK_WAIT_SCALE": config.webhook_wait_scale,
        **({"WEBHOOK_LOCAL": "true"} if config.webhook_local else {}),
    }


def forbid_own_domains(config: EnvironmentConfig, hosts: list[str], *functions: lambda_.Function) -> None:
    """No webhook may go to our own APIs; the emulator's are on this machine, like its webhooks."""
    if config.endpoint:
        return
    edges = [config.edge_url.removeprefix("https://")] if config.edge_url else []
    for function in functions:
        function.add_environment("WEBHOOK_OWN_DOMAINS", ",".join([*hosts, *edges]))
