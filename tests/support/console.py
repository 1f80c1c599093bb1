"""People who use the console API: calls the real handler with the claims that API Gateway hands on from a token."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from smskit.accounts.logic import accounts, audit_log
from smskit.accounts.store import members
from smskit.models.audit import Action
from smskit.models.member import Member, Person, Role
from smskit.platform.times import now_ms
from tests.support import functions
from tests.support.http_events import Answer, answer_of, http_event

CLIENT_ID = "4a1b2c3d4e5f6g7h8i9j0k1l2m"
POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"


def person(role: Role | str = Role.OWNER, account_id: str | None = None) -> Person:
    """A member, as an invitation leaves them; of a new account unless one is named."""
    account_id = account_id or accounts.create("Acme", now_ms()).account_id
    person_id = str(uuid4())
    member = Member(person_id, account_id, Role(role), f"{person_id[:8]}@example.com", now_ms())
    made = Person(member.person_id, member.account_id, member.role, member.email)
    members.add(member, audit_log.entry(made, Action.MEMBER_INVITED, person_id, now_ms()))
    return made


def claims_of(person_id: str, group: str | None = None, **changes: str) -> dict[str, str]:
    """The claims of an access token, as texts. The group is what the token says, which needn't be so any more."""
    claims = {
        "sub": person_id,
        "iss": POOL,
        "client_id": CLIENT_ID,
        "token_use": "access",
        "scope": "openid email",
        "auth_time": "1782208800",
        "iat": "1782208800",
        "exp": "1782210600",
        "jti": str(uuid4()),
        "username": person_id,
    }
    groups = {"cognito:groups": f"[{group}]"} if group else {}
    return claims | groups | changes


class Console:
    """Speaks for one person, or for nobody; the answers are those of the handler."""

    def __init__(self, who: Person | None) -> None:
        self.who = who
        self.claims = claims_of(who.person_id, who.role.value) if who else None

    @property
    def account_id(self) -> str:
        """The person's account."""
        assert self.who is not None
        return self.who.account_id

    def call(
        self, method: str, path: str, body: Any = None, *, query: str = "", headers: dict[str, str] | None = None
    ) -> Answer:
        """A request."""
        sent = {"authorization": "Bearer checked.by.gateway", "content-type": "application/json"} | (headers or {})
        event = http_event(method, path, body=body, headers=sent, query=query, claims=self.claims)
        return answer_of(functions.load("console_api").lambda_handler(event, functions.LambdaContext()))

    def get(self, path: str, query: str = "") -> Answer:
        """GET."""
        return self.call("GET", path, query=query)

    def post(self, path: str, body: Any = None) -> Answer:
        """POST."""
        return self.call("POST", path, body)

    def patch(self, path: str, body: Any = None) -> Answer:
        """PATCH."""
        return self.call("PATCH", path, body)

    def delete(self, path: str) -> Answer:
        """DELETE."""
        return self.call("DELETE", path)


def owner() -> Console:
    """The owner of a new account."""
    return Console(person(Role.OWNER))


def colleague(of: Console, role: Role | str) -> Console:
    """Another member of the same account."""
    return Console(person(role, of.account_id))


AMINA = {"email": "amina@example.com", "role": "operator"}


def as_person(person_id: str, token_group: str = "owner") -> Console:
    """Whoever holds a token of this person, member or not."""
    made = Console(None)
    made.claims = claims_of(person_id, token_group)
    return made


def invited(owner: Console, **changes: str) -> str:
    """The id of a person whom the owner invites: Amina, but for the changes. Takes a user pool."""
    answer = owner.post("/console/members", AMINA | changes)
    assert answer.status == 201, answer.text
    return str(answer.body["personId"])


def roles(of: Console) -> dict[str, str]:
    """Every member's role by address."""
    return {entry["email"]: entry["role"] for entry in of.get("/console/members").body["members"]}
