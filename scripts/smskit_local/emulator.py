"""The AWS emulator as a background process on a free port of 127.0.0.1.

It enforces IAM, so what works here also proves the roles of the functions.
"""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import TracebackType

from smskit_local import processes
from smskit_local.errors import EmulatorError, LocalStackError
from smskit_local.safety import FAKE_CREDENTIALS, clean_environment, command_environment
from smskit_local.waiting import until

_START_SECONDS = 120.0
_ANSWER_SECONDS = 30.0
_ATTEMPTS = 3


class Emulator:
    """One emulator with its scratch files and log below ``home``; its state lives in its memory.

    As a context manager it starts on entry and is gone, workers and all, on exit.
    """

    def __init__(self, home: Path, *, port: int | None = None) -> None:
        self.home = home
        self.log = home / "emulator.log"
        self.mark = processes.Mark("emulator", home)
        self._port_file = home / "port"
        self._wanted_port = port

    @property
    def endpoint(self) -> str:
        """``http://127.0.0.1:port``; raises EmulatorError before the first start."""
        if not self._port_file.exists():
            raise EmulatorError("the emulator isn't running: start it with make up")
        return f"http://127.0.0.1:{int(self._port_file.read_text())}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment for commands that talk to this emulator and can't reach anything else."""
        return command_environment(self.endpoint)

    def start(self) -> None:
        """Start with empty state and return once it answers. Raises EmulatorError if it doesn't."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        for attempt in range(1, _ATTEMPTS + 1):
            port = self._wanted_port if self._wanted_port and attempt == 1 else free_port()
            try:
                self._wait_for(self._spawn(port), port)
            except LocalStackError as failed:  # most likely another program took the port first
                processes.stop(self.mark)
                problem = failed
            else:
                return
        raise EmulatorError(str(problem)) from problem

    def stop(self) -> int:
        """End the emulator and its workers; return how many processes there were."""
        count = processes.stop(self.mark)
        self._port_file.unlink(missing_ok=True)
        return count

    def is_running(self) -> bool:
        """Whether our process lives and answers; one that is busy has half a minute for it."""
        try:
            return self._port_file.exists() and until(
                self._answers, _ANSWER_SECONDS, "no answer", is_alive=lambda: processes.find(self.mark)
            )
        except LocalStackError:
            return False

    def __enter__(self) -> "Emulator":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _spawn(self, port: int) -> subprocess.Popen[bytes]:
        scratch = self.home / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        self._port_file.write_text(str(port))
        environment = {
            **clean_environment(),
            **FAKE_CREDENTIALS,
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "TMPDIR": str(scratch.resolve()),
        }
        command = [sys.executable, "-m", "ministack"]
        return processes.start(self.mark, command, environment=environment, log=self.log)

    def _wait_for(self, process: subprocess.Popen[bytes], port: int) -> None:
        """Return once it has the port and answers: who else may have the port answers as well."""
        until(
            lambda: f"Running on http://127.0.0.1:{port} " in self.log.read_text(errors="replace") and self._answers(),
            _START_SECONDS,
            "the emulator didn't start",
            log=self.log,
            is_alive=lambda: process.poll() is None,
        )

    def _answers(self) -> bool:
        # Proxies from the environment mustn't see requests to this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{self.endpoint}/_ministack/health", timeout=2) as response:
                return isinstance(json.load(response), dict)
        except (OSError, ValueError):
            return False


def free_port(preferred: int | None = None) -> int:
    """A TCP port of 127.0.0.1 that nobody listens on: the preferred one, if it can be had."""
    for port in [preferred, 0] if preferred else [0]:
        with socket.socket() as listener, contextlib.suppress(OSError):
            # As a server would: connections that linger from the last run don't count as taken.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))
            return int(listener.getsockname()[1])
    raise EmulatorError("this machine has no free TCP port")
