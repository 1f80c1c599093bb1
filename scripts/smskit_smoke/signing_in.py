"""Signs a person in at the login pages, as a console does: authorization code with PKCE, and nothing else is allowed.

The emulator's page is a form, which is filled in here. AWS's managed login is a program for a browser, so there the
person who runs the smoke signs in, and says where the browser was led to.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2

from smskit import aws
from smskit_smoke.report import NotRunError, SmokeError
from smskit_smoke.target import Target

_FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
_SCOPES = "openid email"
AskPerson = Callable[[str], str | None]
"""Shows a text and returns what the person typed, or None when there is nobody to ask."""


@dataclass(frozen=True)
class Login:
    """Who signs in, and with what for the first time."""

    email: str
    password: str

    @classmethod
    def new(cls) -> Login:
        """Somebody who doesn't exist; the domain is one that can never have mail (RFC 2606)."""
        return cls(f"smoke-{secrets.token_hex(6)}@example.com", f"Aa1!{secrets.token_urlsafe(18)}")


class LoginPages:
    """One attempt at signing in."""

    def __init__(self, target: Target) -> None:
        self._emulated = target.is_emulated
        self._base = target.outputs["LoginUrl"].removesuffix("/oauth2/authorize").rstrip("/")
        self._client = target.outputs["UserPoolClientId"]
        self._pool = target.outputs["UserPoolId"]
        self._callback = self._callback_url()
        self._verifier, self._state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        self._http = httpx2.AsyncClient(timeout=30, follow_redirects=False, trust_env=not self._emulated)

    async def page(self) -> httpx2.Response:
        """The login page that a browser is shown. Raises SmokeError if that is none."""
        answer = await self._http.get(self.url, follow_redirects=True)
        if not answer.is_success or "unavailable" in answer.text.lower():
            raise SmokeError(f"{self._base} shows no login page: {answer.status_code} {answer.text[:200]}")
        return answer

    async def sign_in(self, login: Login, ask_person: AskPerson) -> str:
        """An access token. Raises NotRunError when a person is needed and there is none."""
        code = await self._by_form(login) if self._emulated else self._by_person(login, ask_person)
        form = {
            "grant_type": "authorization_code", "client_id": self._client, "redirect_uri": self._callback, "code": code,
            "code_verifier": self._verifier,
        }  # fmt: skip
        answer = await self._http.post(f"{self._base}/oauth2/token", data=form)
        if not answer.is_success:
            raise SmokeError(f"the token endpoint answered {answer.status_code}: {answer.text[:200]}")
        return str(answer.json()["access_token"])

    @property
    def url(self) -> str:
        """Where a console sends the browser."""
        digest = hashlib.sha256(self._verifier.encode()).digest()
        asked = {
            "response_type": "code", "client_id": self._client, "redirect_uri": self._callback, "scope": _SCOPES,
            "state": self._state, "code_challenge_method": "S256",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        }  # fmt: skip
        return f"{self._base}/oauth2/authorize?{urlencode(asked)}"

    async def close(self) -> None:
        """Give up the connections."""
        await self._http.aclose()

    def _callback_url(self) -> str:
        found = aws.client("cognito-idp").describe_user_pool_client(UserPoolId=self._pool, ClientId=self._client)
        return str(found["UserPoolClient"]["CallbackURLs"][0])

    async def _by_form(self, login: Login) -> str:
        page = await self.page()
        hidden = {name: html.unescape(value) for name, value in _FIELD.findall(page.text)}
        typed = {"username": login.email, "password": login.password}
        answer = await self._http.post(f"{self._base}/login", data=hidden | typed)
        return self._code_in(answer.headers.get("location", ""))

    def _by_person(self, login: Login, ask_person: AskPerson) -> str:
        said = ask_person(
            f"Sign in at this address as {login.email} with the password {login.password} :\n\n{self.url}\n\n"
            f"The browser is then led to {self._callback}, whether or not something is there."
        )
        if said is None:
            raise NotRunError("AWS's login pages need a browser, and nobody is at the terminal")
        return self._code_in(said)

    def _code_in(self, address: str) -> str:
        query = parse_qs(urlsplit(address.strip()).query)
        if query.get("state") != [self._state] or "code" not in query:
            raise SmokeError("signing in led to an address without the code")
        return query["code"][0]
