"""Jobs and pages, as Twilio's API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlencode

from smskit.models import twilio
from smskit.models.job import Job
from smskit.models.lane import LaneKey
from smskit.models.twilio import SidKind
from smskit.platform.cursors import Page
from smskit.twilio.api.views import MessageListView, MessageView


def message_view(job: Job, number: str | None) -> MessageView:
    """A job; `number` is that of its SIM."""
    account, sid = twilio.sid_of(SidKind.ACCOUNT, job.account_id), twilio.sid_of(SidKind.SENT, job.job_id)
    known = [job.asked_at, job.sent_at, job.delivered_at, job.failed_at, job.heard_at]
    return MessageView(
        account_sid=account,
        api_version=twilio.API_VERSION,
        body=job.message,
        date_created=time(job.asked_at),
        date_sent=None if job.sent_at is None else time(job.sent_at),
        date_updated=time(max(at for at in known if at is not None)),
        direction="outbound-reply" if job.exempt_from_opt_out else "outbound-api",
        error_code=twilio.error_code_of(job),
        error_message=job.error.message if job.error else None,
        from_=number,
        messaging_service_sid=None,
        num_media="0",
        num_segments=str(job.segments),
        price=None,
        price_unit=None,
        sid=sid,
        status=twilio.state_of(job),
        subresource_uris={},
        to=job.recipient,
        uri=f"{path_of(account)}/{sid}.json",
    )


def path_of(account_sid: str) -> str:
    """Where an account's messages are."""
    return f"/{twilio.API_VERSION}/Accounts/{account_sid}/Messages"


def page_uri(account_sid: str, parameters: Mapping[str, str | int | None]) -> str:
    """A page of the list, as Twilio's packages ask for it: without the address of the API."""
    known = {name: value for name, value in parameters.items() if value is not None}
    return f"{path_of(account_sid)}.json?{urlencode(known)}"


def time(ms: int) -> str:
    """RFC 2822."""
    return format_datetime(datetime.fromtimestamp(ms // 1000, UTC))


def list_view(
    account_sid: str,
    found: Page[Job],
    known: Mapping[LaneKey, str],
    asked: Mapping[str, str | int | None],
    page: int,
    token: str | None,
) -> MessageListView:
    """A page; `known` are numbers of SIMs, `asked` what every page of the list is asked for by."""
    size = int(asked["PageSize"] or 0)
    start = page * size
    following = {"Page": page + 1, "PageToken": found.cursor}
    return MessageListView(
        start=start,
        end=max(start, start + len(found.items) - 1),
        first_page_uri=page_uri(account_sid, {**asked, "Page": 0}),
        messages=[message_view(job, known.get(job.lane) if job.lane else None) for job in found.items],
        next_page_uri=page_uri(account_sid, {**asked, **following}) if found.cursor is not None else None,
        page=page,
        page_size=size,
        previous_page_uri=None,
        uri=page_uri(account_sid, {**asked, "Page": page, "PageToken": token}),
    )
