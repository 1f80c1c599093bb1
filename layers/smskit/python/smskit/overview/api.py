"""The console API's overview: how an account does."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from smskit.accounts.api import sign_in
from smskit.overview import logic as overview
from smskit.platform.http import serving
from smskit.platform.http.api_models import ApiModel, maybe, time_field
from smskit.platform.times import now_ms, time_text
from smskit.usage.api import DayView, day_view

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


class OnlineView(ApiModel):
    """How many phones are connected."""

    online: int = Field(examples=[3])
    offline: int = Field(examples=[1])


class StepsView(ApiModel):
    """What a new account has done of what it takes to send."""

    client_created: bool
    device_paired: bool
    device_online: bool
    message_sent: bool
    webhook_registered: bool


class SuspendedWebhook(ApiModel):
    """An endpoint that gets nothing until it is enabled again."""

    webhook_id: str = Field(examples=["whk_06F2M8QZ4N1R7T3V5W0X"])
    url: str = Field(examples=["https://yourapp.com/hooks/smskit"])
    reason: str | None = maybe(examples=["The endpoint answered 410 Gone"])
    suspended_at: str | None = time_field("When it was suspended.")
    skipped: int = Field(
        description="Deliveries that it misses meanwhile; 1000 stands for a thousand or more.", examples=[240]
    )


class Overview(ApiModel):
    """How the account does. Figures lag behind by about a minute."""

    today: DayView
    devices: OnlineView
    suspended_webhooks: list[SuspendedWebhook]
    steps: StepsView


@router.get(
    "/console/overview",
    summary="Overview",
    description="Today's figures, phones online and offline, suspended webhooks, and what of setting up is done.",
    response_description="How the account does.",
    operation_id="getOverview",
    tags=["Account"],
)
def get_overview() -> Response[Overview]:
    """Show how the account does."""
    seen = overview.read(sign_in.person().account_id, now_ms())
    steps = StepsView(
        client_created=seen.has_client,
        device_paired=seen.online + seen.offline > 0,
        device_online=seen.online > 0,
        message_sent=seen.has_sent,
        webhook_registered=seen.has_webhook,
    )
    suspended = [
        SuspendedWebhook(
            webhook_id=standing.endpoint.webhook_id,
            url=standing.endpoint.url,
            reason=standing.endpoint.suspended_reason,
            suspended_at=time_text(standing.endpoint.suspended_at),
            skipped=standing.skipped,
        )
        for standing in seen.suspended
    ]
    return serving.answer(
        Overview(
            today=day_view(seen.day, seen.figures),
            devices=OnlineView(online=seen.online, offline=seen.offline),
            suspended_webhooks=suspended,
            steps=steps,
        )
    )
