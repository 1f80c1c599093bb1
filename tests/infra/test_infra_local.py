"""The local commands: they can't reach a real account, find their processes again, and leave none."""

from __future__ import annotations

import os
import signal
import socket
import stat
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from smskit_local import processes, stack_file
from smskit_local.deploy import deploy
from smskit_local.emulator import Emulator, free_port
from smskit_local.errors import EmulatorError, UnsafeEndpointError
from smskit_local.processes import Mark
from smskit_local.safety import clean_environment, command_environment, require_emulator
from smskit_local.source_hash import source_hash
from smskit_local.stack_file import LocalStack

IDENTITY = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:root</Arn><UserId>123456789012</UserId><Account>123456789012</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""

PARENT = """
import signal, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import signal; print('up', flush=True); signal.pause()"])
signal.pause()
"""
STUBBORN = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
signal.pause()
"""


@pytest.fixture
def proxy_to_a_real_account():
    """Something on this machine that answers for an account that isn't the emulator's."""
    seen = []

    class Sts(BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()
            self.wfile.write(IDENTITY.encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Sts)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://sts.eu-west-1.amazonaws.com",
        "http://10.0.0.7:4566",
        "http://127.0.0.1.example.com:4566",
        "http://[::ffff:8.8.8.8]:1",
    ],
)
def test_an_endpoint_that_isnt_on_this_machine_is_refused(endpoint):
    with pytest.raises(UnsafeEndpointError, match="isn't on this machine"):
        require_emulator(endpoint)


def test_a_real_account_is_refused_before_anything_is_asked_of_it(proxy_to_a_real_account, tmp_path):
    endpoint, seen = proxy_to_a_real_account

    with pytest.raises(UnsafeEndpointError, match="123456789012"):
        deploy(endpoint, output=tmp_path / "out")

    assert not (tmp_path / "out").exists()
    assert len(seen) == 1
    assert "GetCallerIdentity" in seen[0]


def test_an_endpoint_that_doesnt_answer_is_refused():
    with pytest.raises(UnsafeEndpointError, match="doesn't tell its account"):
        require_emulator(f"http://127.0.0.1:{free_port()}")


def test_nothing_that_names_an_account_reaches_our_commands(monkeypatch):
    secrets = {
        "AWS_PROFILE": "production",
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ENDPOINT_URL_S3": "https://s3.amazonaws.com",
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/real",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://real",
        "CDK_DEFAULT_ACCOUNT": "123456789012",
        "HTTPS_PROXY": "http://real",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)

    environment = command_environment("http://127.0.0.1:1")

    assert not set(secrets.values()) & set(environment.values())
    assert (environment["AWS_ACCESS_KEY_ID"], environment["AWS_ENDPOINT_URL"]) == ("test", "http://127.0.0.1:1")
    assert environment["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull


def test_stopping_ends_the_whole_family_and_nobody_else(tmp_path):
    family, stranger = Mark("emulator", tmp_path / "a"), Mark("emulator", tmp_path / "ab")
    for mark in (family, stranger):
        start_parent(mark, tmp_path / f"{mark.home.name}.log")

    assert processes.stop(family) == 2

    assert processes.find(family) == []
    assert len(processes.find(stranger)) == 2
    processes.stop(stranger)


def test_workers_of_a_crashed_parent_are_found_and_ended(tmp_path):
    mark = Mark("emulator", tmp_path)
    parent = processes.start(
        mark, [sys.executable, "-c", PARENT], environment=clean_environment(), log=tmp_path / "log"
    )
    wait_for(lambda: len(processes.find(mark)) == 2)

    parent.kill()
    parent.wait()

    assert processes.stop(mark) == 1
    assert processes.find(mark) == []


def test_a_process_that_ignores_the_request_is_killed(tmp_path):
    mark = Mark("phone", tmp_path)
    log = tmp_path / "log"
    processes.start(mark, [sys.executable, "-c", STUBBORN], environment=clean_environment(), log=log)
    wait_for(lambda: log.read_text() == "up\n")

    processes.stop(mark, patience=0.3)

    assert processes.find(mark) == []


def test_the_emulator_listens_on_this_machine_only_and_leaves_nothing(tmp_path):
    emulator = Emulator(tmp_path / "emulator")

    with emulator:
        require_emulator(emulator.endpoint)
        assert emulator.is_running()
        listening = listening_addresses(int(emulator.endpoint.rsplit(":", 1)[1]))
        assert listening == {"127.0.0.1"}

    assert not emulator.is_running()
    assert processes.find(emulator.mark) == []


def test_an_emulator_that_was_killed_isnt_taken_for_running_and_can_be_started_again(tmp_path):
    emulator = Emulator(tmp_path / "emulator")
    emulator.start()
    os.kill(processes.find(emulator.mark)[0], signal.SIGKILL)
    wait_for(lambda: not emulator.is_running())

    with emulator:
        assert emulator.is_running()


def test_a_port_that_is_taken_is_passed_over(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        with Emulator(tmp_path / "emulator", port=taken) as emulator:
            assert emulator.endpoint != f"http://127.0.0.1:{taken}"


def test_an_emulator_that_never_started_says_so(tmp_path):
    with pytest.raises(EmulatorError, match="make up"):
        _ = Emulator(tmp_path).endpoint


def test_the_stack_file_is_for_its_owners_eyes_only(tmp_path):
    text = dict.fromkeys(("env", "endpointUrl", "region", "accountId", "apiUrl", "apiKey", "clientId"), "x")
    stack = LocalStack(
        **text, webSocketUrl="x", pairUrl="x", awsEnv={}, outputs={}, sourceHash="x", webhookUrl="x", webhookSecret="x",
        dashboardUrl="x", dashboardEmail="x", dashboardPassword="x",
    )  # fmt: skip
    path = tmp_path / "stack.json"

    stack_file.write(stack, path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stack_file.read(path) == stack


@pytest.mark.parametrize("content", ["", "{}", '{"apiKey": 1}', "[]"])
def test_a_stack_file_of_another_shape_is_no_stack(tmp_path, content):
    path = tmp_path / "stack.json"
    path.write_text(content)

    assert stack_file.read(path) is None


def test_a_change_of_any_source_is_noticed_and_bytecode_isnt(tmp_path):
    for folder in ("infra", "functions/client_api", "layers/smskit", "functions/client_api/__pycache__"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("app.py", "cdk.json", "package-lock.json", "requirements.lock", "functions/client_api/handler.py"):
        (tmp_path / name).write_text("1")
    before = source_hash(tmp_path)

    (tmp_path / "functions/client_api/__pycache__/handler.cpython-311.pyc").write_text("x")
    assert source_hash(tmp_path) == before

    (tmp_path / "functions/client_api/handler.py").write_text("2")
    assert source_hash(tmp_path) != before


def start_parent(mark, log):
    parent = processes.start(mark, [sys.executable, "-c", PARENT], environment=clean_environment(), log=log)
    wait_for(lambda: log.read_text() == "up\n")
    assert len(processes.find(mark)) == 2
    return parent


def wait_for(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition didn't come true in time"
        time.sleep(0.02)


def listening_addresses(port):
    """The local addresses on which this machine accepts connections to the port, of those that we can try."""
    hostname_addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    found = set()
    for address in {"127.0.0.1", "127.0.0.2", *hostname_addresses}:
        with socket.socket() as client:
            if client.connect_ex((address, port)) == 0:
                found.add(address)
    return found
