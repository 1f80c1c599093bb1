"""The console API's overview: how an account does."""

from __future__ import annotations

from pydantic import Field

from smskit.edge.usage_routes import DayView
from smskit.models.api_base import ApiModel, maybe


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
    reason: str | None = maybe(examples=["answered 410"])


class Overview(ApiModel):
    """How the account does. Figures lag behind by about a minute."""

    today: DayView
    devices: OnlineView
    suspended_webhooks: list[SuspendedWebhook]
    steps: StepsView
