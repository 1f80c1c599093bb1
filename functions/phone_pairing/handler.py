"""Pairing: a phone turns a pairing code into its own credentials."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from smskit import aws, settings
from smskit.phones.api.pairing import Paired, PairRequest
from smskit.phones.logic import pairing
from smskit.platform.http import serving
from smskit.platform.times import now_ms

aws.prepare("dynamodb")

app = APIGatewayHttpResolver(enable_validation=True, response_validation_error_http_code=500)
serving.install(app)


@app.post("/phone/pair", status_code=201)
def pair(request: PairRequest) -> Response[Paired]:
    """Pair a phone."""
    phone = pairing.redeem(request.told(), serving.source_of(app.current_event.raw_event), now_ms())
    paired = Paired(device_id=phone.device_id, device_token=phone.token, web_socket_url=settings.websocket_url())
    return serving.answer(paired, 201)


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Entry point."""
    return serving.serve(app, event, context, serving.anyone)
