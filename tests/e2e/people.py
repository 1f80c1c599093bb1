"""A person with a browser: signs in at the login pages and calls the console API with what comes of it."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from infra.config.environments import DEFAULT_CONSOLE_URLS
from tests.e2e.stack import Stack

SCOPES = "openid email"
CALLBACK = DEFAULT_CONSOLE_URLS[0]
_FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@dataclass(frozen=True)
class Tokens:
    """What the token endpoint gave."""

    access: str
    identity: str
    refresh: str


class Browser:
    """Follows the login pages of the stack's user pool; `verifier` is the PKCE secret of this attempt."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.client_id = stack.outputs["UserPoolClientId"]
        self.http = httpx2.AsyncClient(base_url=stack.outputs["LoginUrl"], timeout=60, trust_env=False)
        self.verifier = secrets.token_urlsafe(48)
        self.state = secrets.token_urlsafe(16)

    async def open(self, **changes: str) -> httpx2.Response:
        """Ask for the login page as a console does."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "scope": SCOPES,
            "state": self.state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return await self.http.get("/oauth2/authorize", params=asked | changes)

    async def submit(self, page: httpx2.Response, **typed: str) -> httpx2.Response:
        """Fill in the form of a page and send it."""
        assert page.status_code == 200, page.text
        hidden = {name: html.unescape(value) for name, value in _FIELD.findall(page.text)}
        return await self.http.post("/login", data=hidden | typed)

    def code_of(self, answer: httpx2.Response) -> str:
        """The code in the redirection back to the console."""
        assert answer.status_code == 302, answer.text
        location = answer.headers["location"]
        assert location.startswith(CALLBACK)
        query = parse_qs(urlsplit(location).query)
        assert query["state"] == [self.state]
        return query["code"][0]

    async def redeem(self, code: str, **changes: str) -> httpx2.Response:
        """Send the code to the token endpoint."""
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "code": code,
            "code_verifier": self.verifier,
        }
        return await self.http.post("/oauth2/token", data=form | changes)

    async def renew(self, refresh: str) -> httpx2.Response:
        """Ask for new tokens."""
        form = {"grant_type": "refresh_token", "client_id": self.client_id, "refresh_token": refresh}
        return await self.http.post("/oauth2/token", data=form)

    def tokens_of(self, answer: httpx2.Response) -> Tokens:
        """The tokens of an answer; none of them may ever get into a log."""
        assert answer.status_code == 200, answer.text
        body = answer.json()
        tokens = Tokens(body["access_token"], body["id_token"], body["refresh_token"])
        self.stack.secrets.update({tokens.access, tokens.identity, tokens.refresh})
        return tokens


async def sign_in(
    stack: Stack, email: str, password: str, new_password: str | None = None, scopes: str = SCOPES
) -> Tokens:
    """The whole way; with `new_password` the temporary one is changed on it."""
    browser = Browser(stack)
    answer = await browser.submit(await browser.open(scope=scopes), username=email, password=password)
    if new_password is not None:
        answer = await browser.submit(answer, new_password=new_password, confirm_password=new_password)
    return browser.tokens_of(await browser.redeem(browser.code_of(answer)))


class Console:
    """The console API with one token, or none."""

    def __init__(self, stack: Stack, token: str | None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        self.http = httpx2.AsyncClient(base_url=stack.url, headers=headers, timeout=60, trust_env=False)

    async def get(self, path: str) -> httpx2.Response:
        """GET."""
        return await self.http.get(path)

    async def send(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        """Any other request."""
        return await self.http.request(method, path, json=body)
