"""The commands behind ``make up``, ``make down``, ``make status``, ``make env`` and ``make logs``."""

import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from rich.console import Console

from infra.packaging.build import BuildError
from smskit_local import receiver, shell, stack_file, up
from smskit_local.demo import RECIPIENT, Customer
from smskit_local.deploy import ROOT
from smskit_local.errors import LocalStackError
from smskit_local.logs import function_log
from smskit_local.progress import Progress
from smskit_local.stack_file import LOCAL, LocalStack
from smskit_local.waiting import until

app = typer.Typer(no_args_is_help=True, add_completion=False, help="SMSKit on this machine, without an AWS account.")
_console = Console(soft_wrap=True)
_errors = Console(stderr=True, soft_wrap=True, highlight=False)
_OTHERS_SECONDS = 1800  # longer than another run can last, whose every wait has an end


@app.command("up")
def up_command() -> None:
    """Start the emulator, deploy, pair a simulated phone, and let it send and receive a few SMS."""
    progress = Progress(_console)
    with _alone(), _errors_shown():
        stack = up.bring_up(progress)
        with Customer(stack.apiUrl, stack.apiKey) as customer, progress.step(f"sending an SMS to {RECIPIENT}"):
            before = receiver.position()
            job = customer.follow(customer.send("Hello from SMSKit"), log=up.PHONE_LOG)
        with progress.step("waiting for its webhook"):
            delivery = receiver.wait_for("sms:delivered", before)
    _show_timeline(job)
    _show_webhook(delivery)
    _show_summary(stack)


@app.command()
def down() -> None:
    """End every process of the local stack."""
    with _alone(), _errors_shown():
        count = up.take_down()
    _console.print(f"ended {count} processes" if count else "nothing was running")


@app.command()
def status() -> None:
    """Show what runs."""
    for role, pids in up.running().items():
        _console.print(f"{role:10} {'pids ' + ' '.join(map(str, pids)) if pids else 'not running'}", highlight=False)
    stack = stack_file.read()
    if stack is not None:
        _show_summary(stack)


@app.command()
def env(stack: Annotated[Path, typer.Option(help="What make up remembers.")] = stack_file.STACK_FILE) -> None:
    """Print what a shell needs to talk to the stack: eval "$(make -s env)"."""
    found = stack_file.read(stack)
    if found is None:
        _errors.print("nothing to talk to: run make up first", style="red")
        sys.exit(1)
    print(shell.exports(found, stack.parent / up.PHONE_STATE.name))


@app.command()
def logs(function: Annotated[str, typer.Argument(help="A folder of functions/, such as client_api.")]) -> None:
    """Show what a function logged."""
    with _errors_shown():
        for line in function_log(up.emulator().endpoint, function):
            print(line)


@contextmanager
def _alone() -> Iterator[None]:
    """Two runs at once would start two stacks and lose one."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "lock").open("w") as lock:
        if not _locked(lock):
            _console.print("another make up or make down is running; waiting for it ...")
            with _errors_shown():
                until(lambda: _locked(lock), _OTHERS_SECONDS, "another make up or make down is still running")
        yield


def _locked(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _errors_shown() -> Iterator[None]:
    try:
        yield
    except (LocalStackError, BuildError) as error:
        _errors.print(str(error), style="red", markup=False)
        sys.exit(1)


def _show_timeline(job: dict[str, Any]) -> None:
    _console.print(f"\n[bold]{job['jobId']}[/] is [green]{job['status']}[/]", highlight=False)
    for entry in job.get("timeline") or []:
        details = " ".join(f"{key}={value}" for key, value in entry.items() if key not in {"at", "event"})
        _console.print(f"  {entry.get('at', '')}  {entry.get('event', ''):10} [dim]{details}[/]", highlight=False)


def _show_webhook(delivery: dict[str, Any]) -> None:
    verified = "signature verified" if delivery["verified"] else "[red]signature not verified[/]"
    _console.print(f"webhook [green]{delivery['event']}[/] arrived: {delivery['id']}, {verified}", highlight=False)


def _show_summary(stack: LocalStack) -> None:
    body = f'{{ "recipient": "{RECIPIENT}", "message": "Your code is 123456", "priority": 9 }}'
    lines = [
        "",
        f"Dashboard   {stack.dashboardUrl}",
        f"            sign in as {stack.dashboardEmail} with {stack.dashboardPassword}",
        f"API         {stack.apiUrl}",
        f"API key     {stack.apiKey}",
        f"WebSocket   {stack.webSocketUrl}",
        f"AWS         {stack.endpointUrl} (emulated; keys test/test, region {stack.region})",
        f"Webhooks    {stack.webhookUrl} (its log: {LOCAL.relative_to(ROOT)}/logs/webhooks.log)",
        "Logs        make logs FUNCTION=client_api (or another folder of functions/)",
        f"            {LOCAL.relative_to(ROOT)}/logs/phone.log, {LOCAL.relative_to(ROOT)}/emulator/emulator.log",
        f"All this    {LOCAL.relative_to(ROOT)}/stack.json",
        "",
        "Let this shell talk to it, once:",
        f"  {shell.USE}",
        "",
        "Send an SMS:",
        "  curl $API/api/sms/send \\",
        '    -H "X-Api-Key: $API_KEY" -H "Content-Type: application/json" \\',
        f"    -d '{body}'",
        "",
        "Follow it with GET /api/sms/{jobId}/status, see the phone with GET /api/devices.",
        "Add a phone:  smskit-admin pairing-code create --account $ACCOUNT",
        "Try it all:   make smoke ENV=local",
        "End it all:   make down",
    ]
    for line in lines:
        _console.print(line, markup=False, highlight=False)
