"""The client API's route about phones."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit.accounts.api import callers
from smskit.phones.api.rendering import device_view
from smskit.phones.api.views import DeviceList
from smskit.phones.logic import device_list
from smskit.platform.http import serving
from smskit.platform.times import now_ms

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get(
    "/api/devices",
    summary="Devices",
    description="List your account's phones and their SIMs: useful for building a targeting selection.",
    response_description="All phones of the account.",
    operation_id="listDevices",
    tags=["Devices"],
)
def list_devices() -> Response[DeviceList]:
    """List the account's phones."""
    rows = device_list.list_all(callers.current().account_id, now_ms())
    return serving.answer(DeviceList(devices=[device_view(row) for row in rows]))
