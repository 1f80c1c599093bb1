"""Twilio's way to ask and to be refused: HTTP Basic, forms, JSON with a code."""

from __future__ import annotations

import binascii
from base64 import b64decode
from urllib.parse import parse_qsl

from smskit.accounts.api import callers
from smskit.clients.api import key_check
from smskit.models import twilio
from smskit.models.twilio import SidKind
from smskit.platform.http import forms
from smskit.platform.http.problems import NOT_FOUND, UNAUTHORIZED, ProblemError
from smskit.platform.http.serving import Dialect, Request
from smskit.twilio.api import errors

PREFIX = f"/{twilio.API_VERSION}"


def speaks(path: str) -> bool:
    """Whether the path is one of Twilio's API, whether it exists or not."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def admit(request: Request) -> None:
    """Let in who signs in with the account's SID and an API key of the account, which stands for the auth token."""
    refusal = ProblemError(
        UNAUTHORIZED,
        "Authenticate: send the account's SID and an API key of an active client by HTTP Basic",
        headers={"WWW-Authenticate": 'Basic realm="SMSKit"'},
    )
    sid, key = _credentials(request.headers.get("authorization", ""))
    if twilio.id_of(SidKind.ACCOUNT, sid) is None:
        raise refusal
    caller = key_check.caller_of(request, key, refusal)
    if sid != twilio.sid_of(SidKind.ACCOUNT, caller.account_id):
        raise refusal
    callers.let_in(caller)
    named = request.path.removeprefix(f"{PREFIX}/Accounts/").partition("/")[0]
    if named != sid:
        raise ProblemError(NOT_FOUND, f"The requested resource {request.path[:200]} was not found")


def _credentials(header: str) -> tuple[str, str]:
    """User name and password; empty for anything else than HTTP Basic."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, password = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return name, password


def _form(request: Request, most: int) -> str:
    forms.require_form_type(request.headers.get("content-type", ""))
    return forms.json_text(request.event, most)


TWILIO = Dialect(_form, lambda problem, _: errors.answer(problem))


def refuse_repeated_parameters(query: str) -> None:
    """Raises ProblemError 400: API Gateway joins the values of a name that stands twice."""
    forms.refuse_repeated([name for name, _ in parse_qsl(query, keep_blank_values=True)])
