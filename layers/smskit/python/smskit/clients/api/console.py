"""The console API's routes about API clients and their keys."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit.accounts.api import sign_in
from smskit.accounts.logic import audit_log
from smskit.clients.api.views import (
    ChangeClient,
    ClientPage,
    ClientView,
    ClientWithKey,
    CreateClient,
    KeySlot,
    KeySlotView,
)
from smskit.clients.logic import clients
from smskit.models.audit import Action
from smskit.models.client import Client, ClientStatus
from smskit.models.twilio import SidKind, sid_of
from smskit.platform.http import serving
from smskit.platform.http.parameters import Cursor
from smskit.platform.times import hour_of, now_ms, rfc3339, time_text

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_TAGS = ["API clients"]


@router.get(
    "/console/clients",
    summary="API clients",
    description="List the account's API clients. One that was just made may be missing for a moment.",
    response_description="A page of clients, newest first.",
    operation_id="listClients",
    tags=_TAGS,
)
def list_clients(
    limit: Annotated[int, Query(ge=1, le=100, description="Clients a page.", examples=[50])] = 50,
    cursor: Cursor = None,
) -> Response[ClientPage]:
    """List the clients."""
    page = clients.list_page(sign_in.person().account_id, limit, cursor)
    return serving.answer(ClientPage.of(page, client_view))


@router.post(
    "/console/clients",
    status_code=201,
    summary="Make an API client",
    description="Make a program that may send, with its first key. With `test` its keys work in the account's test "
    "world, where no phone sends anything.",
    response_description="The client, with the key that is shown this once.",
    operation_id="createClient",
    tags=_TAGS,
)
def create_client(request: CreateClient) -> Response[ClientWithKey]:
    """Make a client."""
    person = sign_in.person()
    client, key = clients.create(person.account_id, request.name, now_ms(), request.limit, person, is_test=request.test)
    return serving.answer(_with_key(client, key, 1), 201)


@router.get(
    "/console/clients/<client_id>",
    summary="API client",
    description="Show a client.",
    response_description="The client.",
    operation_id="getClient",
    tags=_TAGS,
)
def get_client(client_id: str) -> Response[ClientView]:
    """Show a client."""
    return serving.answer(client_view(clients.read(sign_in.person().account_id, client_id)))


@router.patch(
    "/console/clients/<client_id>",
    summary="Change an API client",
    description="Change its name or its limit, which holds at once.",
    response_description="The client as it is now.",
    operation_id="changeClient",
    tags=_TAGS,
)
def change_client(client_id: str, request: ChangeClient) -> Response[ClientView]:
    """Change a client."""
    person = sign_in.person()
    client = clients.change(person.account_id, client_id, request.name, request.limit)
    if (request.name, request.limit) != (None, None):
        audit_log.note(person, Action.CLIENT_CHANGED, client_id, now_ms(), name=client.name, limit=str(client.limit))
    return serving.answer(client_view(client))


@router.post(
    "/console/clients/<client_id>/suspend",
    summary="Suspend an API client",
    description="Refuse its keys with 401 from now on.",
    response_description="The client, now suspended.",
    operation_id="suspendClient",
    tags=_TAGS,
)
def suspend_client(client_id: str) -> Response[ClientView]:
    """Refuse a client's keys."""
    return _set_status(client_id, ClientStatus.SUSPENDED, Action.CLIENT_SUSPENDED)


@router.post(
    "/console/clients/<client_id>/resume",
    summary="Resume an API client",
    description="Take its keys again.",
    response_description="The client, now active.",
    operation_id="resumeClient",
    tags=_TAGS,
)
def resume_client(client_id: str) -> Response[ClientView]:
    """Take a client's keys again."""
    return _set_status(client_id, ClientStatus.ACTIVE, Action.CLIENT_RESUMED)


def _set_status(client_id: str, status: ClientStatus, action: Action) -> Response[ClientView]:
    person = sign_in.person()
    client = clients.set_status(client_id, status, person.account_id)
    audit_log.note(person, action, client_id, now_ms())
    return serving.answer(client_view(client))


@router.post(
    "/console/clients/<client_id>/rotate-key",
    summary="Rotate a key",
    description="Make a new key in slot 1 or 2. The slot's old key ends at once, the other slot's goes on: make one "
    "in the slot that is not in use, switch to it, then rotate or remove the other, and no request is refused.",
    response_description="The client, with the key that is shown this once.",
    operation_id="rotateClientKey",
    tags=_TAGS,
)
def rotate_key(client_id: str, request: KeySlot) -> Response[ClientWithKey]:
    """Make a new key in a slot."""
    person = sign_in.person()
    entry = audit_log.entry(person, Action.KEY_ROTATED, client_id, now_ms(), slot=str(request.slot))
    client, key = clients.rotate_key(person.account_id, client_id, request.slot, entry)
    return serving.answer(_with_key(client, key, request.slot))


@router.post(
    "/console/clients/<client_id>/remove-key",
    summary="Remove a key",
    description="End the key in slot 1 or 2. The only key stays.",
    response_description="The client as it is now.",
    operation_id="removeClientKey",
    tags=_TAGS,
)
def remove_key(client_id: str, request: KeySlot) -> Response[ClientView]:
    """End a key."""
    person = sign_in.person()
    entry = audit_log.entry(person, Action.KEY_REMOVED, client_id, now_ms(), slot=str(request.slot))
    return serving.answer(client_view(clients.remove_key(person.account_id, client_id, request.slot, entry)))


def client_view(client: Client) -> ClientView:
    """The client, without its keys."""
    return ClientView(**_fields(client))


def _with_key(client: Client, key: str, slot: int) -> ClientWithKey:
    return ClientWithKey(**_fields(client), api_key=key, slot=slot)


def _fields(client: Client) -> dict[str, Any]:
    hour = hour_of(now_ms())
    slots = ((1, client.key1_hash, client.key1_used_at), (2, client.key2_hash, client.key2_used_at))
    return {
        "client_id": client.client_id,
        "account_sid": sid_of(SidKind.ACCOUNT, client.account_id),
        "name": client.name,
        "test": client.is_test,
        "status": client.status.value,
        "limit": client.limit,
        "used_this_hour": client.used_in(hour),
        "hour_ends_at": rfc3339((max(hour, client.window) + 1) * clients.HOUR_SECONDS * 1000),
        "created_at": rfc3339(client.created_at),
        "last_used_at": time_text(client.last_used_at),
        "keys": [
            KeySlotView(slot=slot, is_set=stored is not None, last_used_at=time_text(at)) for slot, stored, at in slots
        ],
    }
