"""Puts the stacks of one environment into a CDK application."""

import os

from aws_cdk import App, CliCredentialsStackSynthesizer, Environment, IReusableStackSynthesizer, Tags

from infra.config.api_urls import checked_api_host, region_of
from infra.config.environments import EnvironmentConfig, load_config
from infra.stacks.app import AppStack
from infra.stacks.data import DataStack
from infra.stacks.edge import EdgeStack


def build_application(app: App) -> tuple[DataStack, AppStack]:
    """Add the stacks of the environment that the ``env`` context names.

    The emulator's address comes from the ``endpoint`` context or from AWS_ENDPOINT_URL;
    ``alarmEmail`` subscribes an address to the alarms; ``webhookWaitScale`` shortens the emulator's webhook waits.
    ``consoleUrls`` are further addresses that signing in may lead back to, comma separated; ``dashboardDomain`` is the
    dashboard's own, with ``dashboardCertificate``; ``selfSignUp`` is ``true`` to
    let people sign up by themselves, ``tracing`` to send traces to X-Ray. ``lambdaConcurrency`` is how many functions
    the account runs at once. ``edge`` is ``true`` where something stands before the API, at ``edgeUrl`` as soon as it
    has an address. ``edgeOrigin``, the API's host, adds the stack of that; its name has the API's region, since those
    of all regions are made in one.
    """
    config = load_config(
        app.node.try_get_context("env") or "prod",
        endpoint=app.node.try_get_context("endpoint") or os.environ.get("AWS_ENDPOINT_URL"),
        alarm_email=app.node.try_get_context("alarmEmail") or None,
        webhook_wait_scale=app.node.try_get_context("webhookWaitScale") or None,
        console_urls=app.node.try_get_context("consoleUrls") or None,
        dashboard_domain=app.node.try_get_context("dashboardDomain") or None,
        dashboard_certificate=app.node.try_get_context("dashboardCertificate") or None,
        self_sign_up=app.node.try_get_context("selfSignUp") in {True, "true"},
        tracing=app.node.try_get_context("tracing") in {True, "true"},
        edge=app.node.try_get_context("edge") in {True, "true"},
        edge_url=app.node.try_get_context("edgeUrl") or None,
        lambda_concurrency=int(app.node.try_get_context("lambdaConcurrency") or 0) or None,
    )
    data = DataStack(
        app,
        f"SmsKit-{config.name}-Data",
        config=config,
        env=_location(config),
        synthesizer=_synthesizer(config),
        termination_protection=config.keep_data,
        description="SMSKit: tables, queues and their encryption key",
    )
    stateless = AppStack(
        app,
        f"SmsKit-{config.name}-App",
        config=config,
        data=data,
        env=_location(config),
        synthesizer=_synthesizer(config),
        description="SMSKit: APIs, functions and alarms",
    )
    edge_origin = app.node.try_get_context("edgeOrigin")
    if edge_origin:
        host = checked_api_host(edge_origin)
        EdgeStack(app, f"SmsKit-{config.name}-Edge-{region_of(host)}", config=config, origin=host)
    Tags.of(app).add("project", "smskit")
    Tags.of(app).add("environment", config.name)
    return data, stateless


def _location(config: EnvironmentConfig) -> Environment | None:
    """The emulator's stacks name its account, so the CDK refuses to deploy them to any other."""
    if config.account is None:
        return None
    return Environment(account=config.account, region=config.region)


def _synthesizer(config: EnvironmentConfig) -> IReusableStackSynthesizer | None:
    """On AWS the bootstrap roles deploy; the emulator is deployed to with its root key, without bootstrap."""
    if config.asset_bucket is None:
        return None
    return CliCredentialsStackSynthesizer(file_assets_bucket_name=config.asset_bucket)
