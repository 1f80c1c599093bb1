"""What Twilio's API does with messages and ours doesn't: redact and delete single ones, send from a number."""

from __future__ import annotations

from smskit.dispatch.store import job_texts
from smskit.errors import InvalidNumberError, NotFinishedError, UnknownSenderError
from smskit.models import worlds
from smskit.models.job import Job, Target
from smskit.phones.store import devices
from smskit.sending.logic import job_status, own_country, phone_numbers


def redact(account_id: str, job_id: str, now: int) -> Job:
    """Take the text out of a job that nothing is done with any more; the rest stays.

    Raises NotFoundError, or NotFinishedError while it waits or a phone is at it.
    """
    job = job_status.read(account_id, job_id, now)
    redacted = job_texts.redact(job)
    if redacted is None:
        raise NotFinishedError("Cannot redact this message before it is complete")
    return redacted


def delete(account_id: str, job_id: str, now: int) -> None:
    """Erase a job: what stays holds neither number nor text. Raises as `redact`."""
    if not job_texts.erase(job_status.read(account_id, job_id, now)):
        raise NotFinishedError("Cannot delete this message before it is complete")


def sender(account_id: str, number: str, now: int) -> Target:
    """The SIM that has this number. Raises UnknownSenderError when none of the account has, as far as phones have said.

    It looks through the account's phones until it has found it. In a test world the one phone has every number.
    """
    try:
        country = own_country.of(account_id, number, now)
        wanted = phone_numbers.correspondent(number, country)
    except InvalidNumberError as invalid:
        raise UnknownSenderError(f"From{invalid.detail.removeprefix('number')}") from None
    if worlds.is_test(account_id):
        return Target(worlds.TEST_DEVICE, worlds.TEST_SLOT)
    for device, lanes in devices.list_all(account_id):
        for lane in lanes:
            if (
                not device.is_revoked
                and lane.phone_number
                and phone_numbers.sender(lane.phone_number, country) == wanted
            ):
                return Target(lane.key.device_id, lane.key.sim_slot)
    raise UnknownSenderError("From must be the number of a SIM in one of the account's phones")
