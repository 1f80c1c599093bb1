"""The way into the console API: who a token speaks for, and what that person's role allows.

API Gateway has verified the token: its signature, time, issuer and client. Account and role come from the membership,
read with each request, so that removing or demoting someone works at once and not when their token ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from smskit.accounts.api import callers
from smskit.accounts.api.callers import Caller
from smskit.accounts.api.permissions import row_of
from smskit.accounts.logic import members
from smskit.errors import UnlistedRouteError
from smskit.models.member import Person
from smskit.platform.http import serving
from smskit.platform.http.problems import FORBIDDEN, NO_MEMBERSHIP, NOT_SIGNED_IN, ProblemError
from smskit.platform.http.serving import Answer, Request

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

PREFIX = "/console"


def serve(app: APIGatewayHttpResolver, event: Mapping[str, Any], context: Any) -> Answer:
    """Answer a request of a member; never raises."""
    return serving.serve(app, event, context, _admit, _permit)


def person() -> Person:
    """The member whose request a route handler answers."""
    found = callers.current().person
    if found is None:
        raise _not_signed_in()
    return found


def _admit(request: Request) -> None:
    person_id = _subject(request.event)
    request.logged["personId"] = person_id
    found = members.recognise(person_id)
    if found is None:
        raise ProblemError(NO_MEMBERSHIP, "An owner of an account must invite you first")
    request.logged |= {"accountId": found.account_id, "role": found.role.value}
    callers.let_in(Caller(found.account_id, found.source, found.source, PREFIX, found))


def _permit(request: Request) -> None:
    assert request.route is not None  # noqa: S101 - looked up before
    row = row_of(request.method, request.route.path)
    if row is None:
        raise UnlistedRouteError(f"{request.method} {request.route.path} is not in the table of routes")
    if not person().role.reaches(row.least):
        raise ProblemError(FORBIDDEN, f"This takes the role {row.least.value}; yours is {person().role.value}")
    serving.check_query(request, always=True)


def _subject(event: Mapping[str, Any]) -> str:
    """The `sub` of an access token. An ID token tells an app who signed in; it is no key to an API."""
    authorizer = event["requestContext"].get("authorizer") or {}
    claims = (authorizer.get("jwt") or {}).get("claims") or {}
    subject = claims.get("sub")
    if claims.get("token_use") != "access" or not isinstance(subject, str) or not subject:
        raise _not_signed_in()
    return subject


def _not_signed_in() -> ProblemError:
    return ProblemError(
        NOT_SIGNED_IN, "Send an access token of the user pool as a bearer token", headers={"WWW-Authenticate": "Bearer"}
    )
