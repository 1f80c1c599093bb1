"""Where phones pair, connect, and find the radio that is played to them."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from smskit_phone.conformance import http
from smskit_phone.conformance.bench import Bench

HOST = "127.0.0.1"


class Endpoint:
    """The HTTP routes and the WebSocket of a server on this machine, for any number of phones."""

    def __init__(self) -> None:
        self.server = ""
        """The address that phones are told."""
        self.web_socket_url = ""
        self._benches: dict[str, Bench] = {}

    def link(self, code: str) -> str:
        """As the QR code has it."""
        return f"smskit://pair?{urlencode({'server': self.server, 'code': code})}"

    def radio(self, code: str) -> str:
        """Where the harness of the phone with this code finds its radio."""
        return f"{self.server}/radio/{code}"

    def add(self, bench: Bench) -> None:
        """From now on its code is good."""
        self._benches[bench.call.code] = bench

    async def answer(self, request: http.Request) -> http.Answer:
        """The routes of pairing and of the radios."""
        match request.method, request.path.strip("/").split("/"):
            case "POST", ["phone", "pair"]:
                return self._pair(request.body)
            case "POST", ["radio", code, "send"] if code in self._benches:
                return http.Answer(200, await self._benches[code].radio.send(request.body))
            case "GET", ["radio", code, "events"] if code in self._benches:
                return http.Answer(200, await self._benches[code].radio.events(int(request.query.get("after", "0"))))
        return http.Answer(404, {"title": "Not Found"})

    def _pair(self, body: object) -> http.Answer:
        """A code is good once. What else the phone says of itself is kept for the rules."""
        code = body.get("code") if isinstance(body, dict) else None
        bench = self._benches.get(code) if isinstance(code, str) else None
        if bench is None or not isinstance(body, dict):
            return http.Answer(404, {"title": "Not Found", "detail": "no such code"})
        bench.pairings.append(body)
        if len(bench.pairings) > 1:
            return http.Answer(404, {"title": "Not Found", "detail": "the code was used"})
        paired = {"deviceId": bench.device_id, "deviceToken": bench.device_token, "webSocketUrl": self.web_socket_url}
        return http.Answer(201, paired)

    def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Refuses whoever has no token of a phone, and a phone whose rule wants it refused."""
        bench = self._bench_of(request)
        if bench is None:
            return connection.respond(401, "no such token\n")
        bench.attempts.append(time.monotonic())
        return connection.respond(503, "not now\n") if bench.is_refusing else None

    async def serve(self, connection: ServerConnection) -> None:
        """One connection of a phone that was admitted."""
        bench = self._bench_of(connection.request)
        if bench is not None:
            await bench.serve(connection)

    def _bench_of(self, request: Request | None) -> Bench | None:
        header = request.headers.get("Authorization", "") if request else ""
        token = header.removeprefix("Bearer ")
        return next((bench for bench in self._benches.values() if bench.device_token == token), None)


@asynccontextmanager
async def play_server(port: int = 0) -> AsyncIterator[Endpoint]:
    """Serves until the block ends; port 0 is any free one."""
    endpoint = Endpoint()
    web = await http.serve(endpoint.answer, HOST, port)
    # No limit of size and no pings: what a phone may say is for the rules to judge.
    async with serve(
        endpoint.serve, HOST, 0, process_request=endpoint.admit, max_size=None, ping_interval=None, close_timeout=0.2
    ) as sockets:
        endpoint.server = f"http://{HOST}:{web.port}"
        endpoint.web_socket_url = f"ws://{HOST}:{sockets.sockets[0].getsockname()[1]}/live"
        try:
            yield endpoint
        finally:
            await web.close()
