"""The console API's routes about phones, SIMs and pairing codes."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit import settings
from smskit.accounts.api import sign_in
from smskit.accounts.logic import audit_log
from smskit.errors import NotFoundError
from smskit.models.audit import Action
from smskit.phones.api.console_rendering import console_device, heartbeat_log, pairing_code, removed_device
from smskit.phones.api.console_views import (
    ChangeDevice,
    ChangeSim,
    ConsoleDevice,
    ConsoleDeviceList,
    DeviceRevoked,
    HeartbeatLog,
    NewPairingCode,
    PairingCodeCancelled,
    PairingCodeList,
)
from smskit.phones.logic import device_list, pairing_codes
from smskit.phones.logic import settings as device_settings
from smskit.phones.logic.settings import DeviceChange, SimChange
from smskit.platform.http import serving
from smskit.platform.times import now_ms, rfc3339

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_TAGS = ["Phones"]


@router.get(
    "/console/devices",
    summary="Phones",
    description="List the account's phones and their SIMs, and the names of those that were removed.",
    response_description="All phones, oldest first.",
    operation_id="listConsoleDevices",
    tags=_TAGS,
)
def list_devices() -> Response[ConsoleDeviceList]:
    """List the phones."""
    now = now_ms()
    rows, removed = device_list.list_with_removed(sign_in.person().account_id, now)
    return serving.answer(
        ConsoleDeviceList(
            devices=[console_device(row, now) for row in rows], removed=[removed_device(device) for device in removed]
        )
    )


@router.get(
    "/console/devices/<device_id>",
    summary="Phone",
    description="Show a phone and its SIMs.",
    response_description="The phone.",
    operation_id="getConsoleDevice",
    tags=_TAGS,
)
def get_device(device_id: str) -> Response[ConsoleDevice]:
    """Show a phone."""
    return _shown(device_id)


@router.get(
    "/console/devices/<device_id>/heartbeats",
    summary="A phone's heartbeats",
    description="How often a phone was heard in each of the last 24 hours, and what it last said then.",
    response_description="The hours, the present one last.",
    operation_id="listHeartbeats",
    tags=_TAGS,
)
def list_heartbeats(device_id: str) -> Response[HeartbeatLog]:
    """Show a phone's last day."""
    device, _ = device_settings.read(sign_in.person().account_id, device_id)
    return serving.answer(heartbeat_log(device, now_ms()))


@router.patch(
    "/console/devices/<device_id>",
    summary="Change a phone",
    description="Rename it, set its hourly limit, or disable it: then it is cut off, what it was offered goes to other "
    "phones, and queued jobs that name only it end with `device-disabled`.",
    response_description="The phone as it is now.",
    operation_id="changeDevice",
    tags=_TAGS,
)
def change_device(device_id: str, request: ChangeDevice) -> Response[ConsoleDevice]:
    """Change a phone."""
    person = sign_in.person()
    wanted = DeviceChange(request.name, request.is_enabled, request.hourly_limit)
    device_settings.change(person.account_id, device_id, wanted)
    if details := _details(request):
        audit_log.note(person, Action.DEVICE_CHANGED, device_id, now_ms(), **details)
    return _shown(device_id)


@router.patch(
    "/console/devices/<device_id>/sims/<sim_slot>",
    summary="Change a SIM",
    description="Set its hourly limit, or disable it: then it gets no new work, what it was offered goes elsewhere, "
    "and queued jobs that name only it end with `sim-disabled`.",
    response_description="The phone as it is now.",
    operation_id="changeSim",
    tags=_TAGS,
)
def change_sim(device_id: str, sim_slot: str, request: ChangeSim) -> Response[ConsoleDevice]:
    """Change a SIM."""
    person = sign_in.person()
    if not (sim_slot.isascii() and sim_slot.isdigit() and len(sim_slot) <= 2):
        raise NotFoundError("There is no device with this id in the account")
    wanted = SimChange(request.is_enabled, request.hourly_limit, bool(request.even_share))
    device_settings.change_sim(person.account_id, device_id, int(sim_slot), wanted)
    if details := _details(request):
        audit_log.note(person, Action.SIM_CHANGED, device_id, now_ms(), simSlot=sim_slot, **details)
    return _shown(device_id)


@router.delete(
    "/console/devices/<device_id>",
    summary="Remove a phone",
    description="End a phone for good: its token is refused, its connection closed, what it was offered goes to other "
    "phones, and queued jobs that name only it end with `device-revoked`. To come back it must be paired anew.",
    response_description="The phone is removed.",
    operation_id="revokeDevice",
    tags=_TAGS,
)
def revoke_device(device_id: str) -> Response[DeviceRevoked]:
    """End a phone."""
    person = sign_in.person()
    entry = audit_log.entry(person, Action.DEVICE_REVOKED, device_id, now_ms())
    device_settings.revoke(person.account_id, device_id, entry)
    return serving.answer(DeviceRevoked(device_id=device_id, revoked=True))


def _shown(device_id: str) -> Response[ConsoleDevice]:
    now = now_ms()
    row = device_list.read_one(*device_settings.read(sign_in.person().account_id, device_id), now)
    return serving.answer(console_device(row, now))


def _details(request: ChangeDevice | ChangeSim) -> dict[str, str]:
    """What was asked for, in short words."""
    return {name: str(value) for name, value in request.model_dump(by_alias=True, exclude_none=True).items()}


@router.get(
    "/console/pairing-codes",
    summary="Pairing codes",
    description="List the codes that have not expired.",
    response_description="The codes, used or not.",
    operation_id="listPairingCodes",
    tags=_TAGS,
)
def list_pairing_codes() -> Response[PairingCodeList]:
    """List the codes."""
    found = pairing_codes.codes(sign_in.person().account_id, now_ms())
    return serving.answer(PairingCodeList(codes=[pairing_code(code) for code in found]))


@router.post(
    "/console/pairing-codes",
    status_code=201,
    summary="Make a pairing code",
    description="Make a code by which one phone may join the account, within ten minutes.",
    response_description="The code, which is shown this once.",
    operation_id="createPairingCode",
    tags=_TAGS,
)
def create_pairing_code() -> Response[NewPairingCode]:
    """Make a code."""
    person = sign_in.person()
    code = pairing_codes.create_code(person.account_id, now_ms(), person)
    server = settings.api_url()
    made = NewPairingCode(
        code_id=code.code_id, code=code.code, server=server, uri=pairing_codes.uri(server, code.code),
        expires_at=rfc3339(code.expires_at),
    )  # fmt: skip
    return serving.answer(made, 201)


@router.delete(
    "/console/pairing-codes/<code_id>",
    summary="Cancel a pairing code",
    description="Make a code worthless that nobody has used.",
    response_description="The code is worthless.",
    operation_id="cancelPairingCode",
    tags=_TAGS,
)
def cancel_pairing_code(code_id: str) -> Response[PairingCodeCancelled]:
    """Cancel a code."""
    person = sign_in.person()
    now = now_ms()
    pairing_codes.cancel_code(
        person.account_id, code_id, now, audit_log.entry(person, Action.CODE_CANCELLED, code_id, now)
    )
    return serving.answer(PairingCodeCancelled(code_id=code_id, cancelled=True))
