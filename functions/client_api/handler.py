"""The client API: send, receive, converse; devices, opt-outs and webhooks. For programs that hold an API key."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from smskit import aws
from smskit.clients.api import key_check
from smskit.entrypoints.client_api import admit, dialect_of
from smskit.entrypoints.client_api import router as service_router
from smskit.inbox.api.client import router as feed_router
from smskit.inbox.api.routes import router as conversation_router
from smskit.opt_outs.api.routes import router as opt_out_router
from smskit.phones.api.client import router as device_router
from smskit.platform.http import serving
from smskit.sending.api.client import router as send_router
from smskit.sending.api.client_batches import router as batch_router
from smskit.twilio.api.routes import router as twilio_router
from smskit.webhooks.api.routes import router as webhook_router

aws.prepare("dynamodb", "sqs")

app = APIGatewayHttpResolver(enable_validation=True, response_validation_error_http_code=500)
serving.install(app)
app.include_router(feed_router)
app.include_router(conversation_router, key_check.PREFIX)
app.include_router(opt_out_router, key_check.PREFIX)
app.include_router(webhook_router, key_check.PREFIX)
app.include_router(send_router)
app.include_router(batch_router)
app.include_router(device_router)
app.include_router(twilio_router)
app.include_router(service_router)


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Entry point."""
    return serving.serve(app, event, context, admit, dialect_of=dialect_of)
