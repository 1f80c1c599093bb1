"""The console API: what the people of an account see and do, behind their sign-in.

Roles: accounts/api/permissions.py.
"""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from smskit import aws
from smskit.accounts.api import sign_in
from smskit.accounts.api.people import router as people_router
from smskit.accounts.api.settings import router as settings_router
from smskit.changes.api import router as change_router
from smskit.clients.api.console import router as client_router
from smskit.entrypoints import console_api
from smskit.erasure.api import router as erasure_router
from smskit.inbox.api.console import router as inbox_router
from smskit.inbox.api.contacts import router as contact_router
from smskit.inbox.api.routes import router as conversation_router
from smskit.opt_outs.api.routes import router as opt_out_router
from smskit.overview.api import router as overview_router
from smskit.phones.api.console import router as device_router
from smskit.platform.http import serving
from smskit.sending.api.console import router as message_router
from smskit.sending.api.console_batches import router as batch_router
from smskit.sending.api.console_routing import router as routing_router
from smskit.sending.api.console_send import router as send_router
from smskit.sending.api.console_templates import router as template_router
from smskit.usage.api import router as usage_router
from smskit.webhooks.api.routes import router as webhook_router

aws.prepare("dynamodb")

app = APIGatewayHttpResolver(enable_validation=True, response_validation_error_http_code=500)
serving.install(app)
app.include_router(people_router)
app.include_router(overview_router)
app.include_router(change_router)
app.include_router(usage_router)
app.include_router(settings_router)
app.include_router(routing_router)
app.include_router(erasure_router)
app.include_router(message_router)
app.include_router(send_router)
app.include_router(batch_router)
app.include_router(template_router)
app.include_router(inbox_router)
app.include_router(conversation_router, sign_in.PREFIX)
app.include_router(contact_router)
app.include_router(opt_out_router, sign_in.PREFIX)
app.include_router(device_router)
app.include_router(client_router)
app.include_router(webhook_router, sign_in.PREFIX)


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Entry point."""
    return console_api.serve(app, event, context)
