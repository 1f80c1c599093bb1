"""What the local commands wait for: conditions with a deadline, on a machine that has much else to do."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import stat
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from smskit_local import cli, commands, deploy, first_screen, processes, receiver
from smskit_local.demo import Customer
from smskit_local.emulator import Emulator, free_port
from smskit_local.errors import CommandError, DemoError, DeployError, LocalStackError, NotYetError
from smskit_local.processes import Mark
from smskit_local.receiver import Registered
from smskit_local.safety import clean_environment
from smskit_local.waiting import until

NEVER_ENDS = "import signal; print('up', flush=True); signal.pause()"


class Server:
    """An HTTP server that gives its answers one after the other, and the last one for ever."""

    def __init__(self, *answers: tuple[int, object]) -> None:
        self.asked: list[tuple[str, object]] = []
        left = list(answers)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(handler):  # noqa: N805
                body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
                self.asked.append((f"{handler.command} {handler.path}", json.loads(body) if body else None))
                status, document = left.pop(0) if len(left) > 1 else left[0]
                handler.send_response(status)
                handler.end_headers()
                handler.wfile.write(json.dumps(document).encode())

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_):
                pass

        self._http = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        self.port = self._http.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def close(self):
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def serve():
    made: list[Server] = []

    def start(*answers: tuple[int, object]) -> Server:
        made.append(Server(*answers))
        return made[-1]

    yield start
    for server in made:
        server.close()


@pytest.fixture
def receiver_home(tmp_path, monkeypatch):
    monkeypatch.setattr(receiver, "LOG", tmp_path / "webhooks.log")
    monkeypatch.setattr(receiver, "MARK", Mark("webhooks", tmp_path))
    yield tmp_path
    monkeypatch.undo()
    processes.stop(Mark("webhooks", tmp_path))


def test_a_wait_ends_with_what_it_waited_for():
    answers = iter([0, None, "", "there"])
    assert until(lambda: next(answers), 60, "nothing came") == "there"


def test_a_wait_that_takes_too_long_tells_the_end_of_the_log_and_what_was_in_the_way(tmp_path):
    log = tmp_path / "log"
    log.write_text("\n".join(f"line {number}" for number in range(100)))

    def never():
        raise NotYetError("HTTP 503")

    with pytest.raises(LocalStackError) as told:
        until(never, 0.2, lambda: "the phone isn't online", log=log)

    assert str(told.value).startswith("the phone isn't online (not within 0 s)\nHTTP 503\n")
    assert "line 99" in str(told.value) and "line 9\n" not in str(told.value)


def test_a_wait_for_what_has_ended_doesnt_go_on():
    with pytest.raises(LocalStackError, match="it has ended"):
        until(lambda: False, 3600, "nothing came", is_alive=lambda: False)


def test_what_came_true_before_it_ended_counts():
    assert until(lambda: True, 0, "nothing came", is_alive=lambda: False)


def test_a_process_whose_program_is_being_loaded_is_waited_for(tmp_path, monkeypatch):
    """Linux shows an empty environment and no arguments of it, and of kernel threads and dead processes no program."""
    mark = Mark("phone", tmp_path)
    process, thread, other = (tmp_path / "proc" / name for name in ("4711", "2", "4712"))
    for folder, environment, arguments in ((process, "", ""), (thread, "", ""), (other, "", "true")):
        folder.mkdir(parents=True)
        (folder / "environ").write_text(environment)
        (folder / "cmdline").write_text(arguments)
    for folder in (process, other):
        (folder / "exe").symlink_to(sys.executable)
    monkeypatch.setattr(processes, "_PROC", tmp_path / "proc")
    looks = []

    def loaded_meanwhile(_):
        looks.append(1)
        (process / "environ").write_text(mark.entry)

    monkeypatch.setattr(processes.time, "sleep", loaded_meanwhile)

    assert processes.find(mark) == [4711]
    assert looks == [1]


def test_the_receiver_counts_as_started_though_a_look_at_the_processes_finds_nothing(receiver_home, monkeypatch):
    """As it is on a busy machine, while the program is being loaded."""
    monkeypatch.setattr(processes, "find", lambda _: [])

    receiver.ensure(Registered(f"http://127.0.0.1:{free_port()}/", "whsec_" + "MDEyMzQ1Njc4OWFiY2RlZg=="))

    assert "listening on" in receiver.LOG.read_text()


def test_a_receiver_that_cant_start_says_why_at_once(receiver_home, monkeypatch):
    monkeypatch.setattr(receiver, "_START_SECONDS", 3600)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        with pytest.raises(LocalStackError, match=r"(?s)didn't start \(it has ended\).*can't listen on"):
            receiver.ensure(Registered(f"http://127.0.0.1:{other.getsockname()[1]}/", "whsec_MDEyMzQ1Njc4OWFiY2RlZg=="))


def test_an_emulator_isnt_taken_for_ours_because_somebody_elses_answers_at_the_port(tmp_path, serve):
    foreign = serve((200, {"services": {}}))

    with Emulator(tmp_path / "emulator", port=foreign.port) as emulator:
        assert emulator.endpoint != foreign.url
        assert emulator.is_running()


def test_an_emulator_that_is_busy_is_still_running(tmp_path, serve):
    busy = serve((503, "busy"), (503, "busy"), (200, {"services": {}}))
    emulator = Emulator(tmp_path / "emulator")
    processes.start(
        emulator.mark, [sys.executable, "-c", NEVER_ENDS], environment=clean_environment(), log=emulator.log
    )
    (emulator.home / "port").write_text(str(busy.port))

    assert emulator.is_running()

    emulator.stop()


def test_an_api_that_is_busy_is_asked_again(serve):
    busy = serve((500, {}), (503, {}), (200, {"devices": []}))
    with Customer(busy.url, "key") as customer:
        assert customer.is_welcome()
    assert len(busy.asked) == 3


def test_an_api_that_refuses_the_key_isnt_asked_again(serve):
    strict = serve((401, {}))
    with Customer(strict.url, "key") as customer:
        assert not customer.is_welcome(seconds=3600)
    assert len(strict.asked) == 1


def test_a_phone_is_waited_for_through_an_answer_that_fails(serve):
    api = serve((502, {}), (200, {"devices": []}), (200, {"devices": [{"status": "Online"}]}))
    with Customer(api.url, "key") as customer:
        assert until(customer.has_phone_online, 60, "the phone isn't online")


def test_an_sms_is_sent_once_though_its_answer_fails(serve):
    api = serve((504, {}), (202, {"jobId": "job_1"}))
    with Customer(api.url, "key") as customer:
        assert customer.send("Hello") == "job_1"
    (_, first), (_, second) = api.asked
    assert first == second and first["idempotencyKey"]


def test_an_sms_is_followed_through_an_answer_that_fails(serve):
    api = serve((200, {"status": "Sent"}), (500, {}), (200, {"status": "Delivered"}))
    with Customer(api.url, "key") as customer:
        assert customer.follow("job_1")["status"] == "Delivered"


def test_an_sms_that_takes_too_long_is_told_with_the_phones_log(serve, tmp_path):
    (tmp_path / "log").write_text("no radio\n")
    with Customer(serve((200, {"status": "Assigned"})).url, "key") as customer:
        with pytest.raises(LocalStackError, match=r"(?s)job_1 is still Assigned.*no radio"):
            customer.follow("job_1", seconds=0.2, log=tmp_path / "log")
        with pytest.raises(DemoError, match="nobody listens"), pytest.MonkeyPatch.context() as patch:
            patch.setattr(Customer, "_ask", lambda *_: {"status": "Failed", "error": "nobody listens"})
            customer.follow("job_1")


def test_the_first_screen_is_made_by_the_phone_and_waits_for_what_it_received(serve, tmp_path):
    conversation = {"conversations": [{"conversationId": "cnv_1", "number": "+254722000418"}]}
    queued = (202, {"jobId": "job_1"})
    api = serve(queued, queued, queued, (200, {"conversations": []}), (502, {}), (200, conversation), queued)
    with Customer(api.url, "key") as customer:
        first_screen.fill(customer, tmp_path)

    assert [asked for asked, _ in api.asked] == [
        *["POST /api/sms/send"] * 3,
        *["GET /api/conversations"] * 3,
        "POST /api/conversations/cnv_1/reply",
    ]
    refused = {rule["number"] for rule in first_screen.FAULTS["errors"]}
    assert refused & {body["recipient"] for _, body in api.asked[:3]}
    heard = [json.loads(file.read_text())["from"] for file in (tmp_path / "inbox").glob("*.json")]
    assert heard == ["+254722000418"] * 2


def test_a_command_that_hangs_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "_ADMIN", str(hanging(tmp_path)))
    monkeypatch.setattr(commands, "_SECONDS", 0.5)

    with pytest.raises(CommandError, match="account create has not ended"):
        commands.admin("account", "create", environment=clean_environment())


def test_a_deployment_that_hangs_is_told_with_its_log(tmp_path, monkeypatch):
    monkeypatch.setattr(deploy, "CDK", hanging(tmp_path))
    monkeypatch.setattr(deploy, "_SECONDS", 3)

    with pytest.raises(DeployError, match=r"(?s)has not ended.*  up"):
        deploy._run_cdk("http://127.0.0.1:1", tmp_path, tmp_path / "outputs.json", {})


def test_another_make_up_is_waited_for_but_not_for_ever(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cli, "LOCAL", tmp_path)
    monkeypatch.setattr(cli, "_OTHERS_SECONDS", 0.2)
    with (tmp_path / "lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        with pytest.raises(SystemExit), cli._alone():
            pytest.fail("two at once")

        assert "is still running (not within" in capsys.readouterr().err
    with cli._alone(), (tmp_path / "lock").open("w") as other:
        assert not cli._locked(other)


def test_processes_that_the_system_doesnt_end_are_told(tmp_path, monkeypatch):
    mark = Mark("phone", tmp_path)
    process = processes.start(
        mark, [sys.executable, "-c", NEVER_ENDS], environment=clean_environment(), log=tmp_path / "log"
    )
    with monkeypatch.context() as patch:
        patch.setattr(processes, "_signal", lambda *_: None)
        patch.setattr(processes, "_KILL_SECONDS", 0.1)
        with pytest.raises(LocalStackError, match=f"don't end: {process.pid}"):
            processes.stop(mark, patience=0.1)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def hanging(folder):
    command = folder / "hangs"
    command.write_text(f"#!{sys.executable}\n{NEVER_ENDS}\n")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    return command
