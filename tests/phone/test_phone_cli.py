"""The command, with pairing over real HTTP."""

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.phone.server_double import TOKEN, eventually

COMMAND = [sys.executable, "-m", "smskit_phone"]


class PairingDouble(ThreadingHTTPServer):
    """Takes each code once."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.codes = codes
        self.bodies: list[dict] = []
        self.web_socket_url = ""
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: PairingDouble

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = self.path == "/phone/pair" and body["code"] in self.server.codes
        answer: dict = {}
        if known:
            self.server.codes.remove(body["code"])
            self.server.bodies.append(body)
            number, address = len(self.server.bodies), self.server.web_socket_url
            answer = {"deviceId": f"dvc_{number}", "deviceToken": f"{TOKEN}_{number}", "webSocketUrl": address}
        self.send_response(201 if known else 404)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def pairing() -> Iterator[PairingDouble]:
    double = PairingDouble(["AAAA", "BBBB", "CCCC"])
    thread = threading.Thread(target=double.serve_forever, args=(0.01,))
    thread.start()
    yield double
    double.shutdown()
    thread.join()
    double.server_close()


def test_pairing_saves_credentials_for_the_owner_alone_and_a_used_code_is_refused(pairing, tmp_path):
    pairing.web_socket_url = "ws://127.0.0.1:1/x"
    arguments = [*COMMAND, "pair", "--server", pairing.url + "/", "--code", "AAAA", "--name", "Shelf", "--sims", "2"]

    first = subprocess.run([*arguments, "--state", tmp_path / "one"], capture_output=True, text=True, check=False)
    second = subprocess.run([*arguments, "--state", tmp_path / "two"], capture_output=True, text=True, check=False)

    assert first.returncode == 0, first.stderr
    assert "dvc_1" in first.stdout
    assert TOKEN not in first.stdout
    saved = tmp_path / "one" / "credentials.json"
    assert saved.stat().st_mode & 0o777 == 0o600
    assert json.loads(saved.read_text())["device_token"] == f"{TOKEN}_1"
    body = pairing.bodies[0]
    assert set(body) == {"code", "name", "model", "platform", "appVersion", "sims"}
    assert [sim["simSlot"] for sim in body["sims"]] == [0, 1]
    assert second.returncode == 1
    assert "pairing code" in second.stderr
    assert not (tmp_path / "two" / "credentials.json").exists()


@pytest.mark.parametrize(
    "server", ["http://192.0.2.1:4566", "http://smskit.example.com", "ws://127.0.0.1", "127.0.0.1"]
)
def test_a_code_never_goes_over_a_network_in_the_open(tmp_path, server):
    command = [*COMMAND, "pair", "--server", server, "--code", "AAAA", "--name", "Shelf", "--state", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)

    assert done.returncode == 1
    assert "begins with https://" in done.stderr


def test_a_token_that_would_go_over_a_network_in_the_open_is_not_taken(pairing, tmp_path):
    pairing.web_socket_url = "ws://192.0.2.1/x"
    command = [*COMMAND, "pair", "--server", pairing.url, "--code", "AAAA", "--name", "Shelf", "--state", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)

    assert done.returncode == 1
    assert "something else than credentials" in done.stderr
    assert TOKEN not in done.stderr
    assert not (tmp_path / "credentials.json").exists()


async def test_sim_pairs_many_phones_from_a_file_runs_them_and_reuses_them(server, pairing, tmp_path):
    pairing.web_socket_url = server.url
    codes = tmp_path / "codes.txt"
    codes.write_text("BBBB\nCCCC\n")
    arguments = ["sim", "--state", str(tmp_path / "fleet"), "--count", "3", "--json"]

    process = await asyncio.create_subprocess_exec(
        *COMMAND, *arguments, "--server", pairing.url, "--code", "AAAA", "--codes-file", str(codes),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    await eventually(lambda: len(server.of("hello")) == 3, 10)
    await server.offer(job := server.add("job_1", message="private"))
    await eventually(lambda: job.status == "Delivered")
    os.kill(process.pid, signal.SIGTERM)
    output, _ = await asyncio.wait_for(process.communicate(), 10)

    assert process.returncode == 0
    events = [json.loads(line) for line in output.decode().splitlines()]
    assert {event["deviceId"] for event in events} == {"dvc_1", "dvc_2", "dvc_3"}
    names = [event["event"] for event in events if event.get("jobId") == "job_1"]
    assert names == ["claimed", "handed_over", "sent", "delivered"]
    assert b"private" not in output
    assert sorted(folder.name for folder in (tmp_path / "fleet").iterdir()) == ["phone-001", "phone-002", "phone-003"]

    again = await asyncio.create_subprocess_exec(*COMMAND, *arguments, stdout=asyncio.subprocess.DEVNULL)
    await eventually(lambda: len(server.of("hello")) == 6, 10)
    again.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(again.wait(), 10) == 0
    assert len(pairing.bodies) == 3


def test_too_few_codes_are_refused_before_one_is_spent(pairing, tmp_path):
    arguments = ["sim", "--state", tmp_path / "fleet", "--server", pairing.url, "--code", "AAAA", "--count", "2"]

    result = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)

    assert result.returncode == 1
    assert "2 phones need a pairing code" in result.stderr
    assert pairing.codes == ["AAAA", "BBBB", "CCCC"]


def fleet_of_twenty(pairing, folder) -> list[str]:
    """The command, with a code for each phone."""
    pairing.codes[:] = [f"CODE{number}" for number in range(20)]
    arguments = ["--state", str(folder), "--server", pairing.url, "--code", ",".join(pairing.codes)]
    return [*COMMAND, "sim", "--count", "20", *arguments]


def files_limited(soft: int, hard: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_a_fleet_gets_the_open_files_that_it_needs(server, pairing, tmp_path):
    pairing.web_socket_url = server.url
    process = await asyncio.create_subprocess_exec(
        *fleet_of_twenty(pairing, tmp_path / "fleet"),
        preexec_fn=files_limited(64, 4096),
        stdout=asyncio.subprocess.DEVNULL,
    )

    await eventually(lambda: len({frame["token"] for frame in server.of("hello")}) == 20, 20)
    process.send_signal(signal.SIGTERM)

    assert await asyncio.wait_for(process.wait(), 10) == 0


def test_too_few_open_files_for_a_fleet_are_said_before_a_code_is_spent(pairing, tmp_path):
    arguments, limited = fleet_of_twenty(pairing, tmp_path / "fleet"), files_limited(64, 64)

    result = subprocess.run(arguments, preexec_fn=limited, capture_output=True, text=True, check=False)

    assert result.returncode == 1
    assert "open files" in result.stderr
    assert len(pairing.codes) == 20


async def test_a_revoked_phone_exits_with_its_own_code(server, runner):
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "run", "--state", str(runner.state_dir), stderr=asyncio.subprocess.PIPE
    )
    await eventually(lambda: server.of("hello"), 10)
    await server.send({"type": "revoked"})
    _, errors = await asyncio.wait_for(process.communicate(), 10)

    assert process.returncode == 3
    assert "revoked" in errors.decode()
