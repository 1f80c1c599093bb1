"""Brings the local stack up, from whatever state the last run left."""

import json
import shutil
import subprocess
from dataclasses import replace

from infra.config.environments import EMULATOR_REGION
from smskit_local import commands, first_screen, processes, receiver, stack_file
from smskit_local.demo import Customer
from smskit_local.deploy import deploy
from smskit_local.emulator import Emulator, free_port
from smskit_local.people import sign_up_owner
from smskit_local.progress import Progress
from smskit_local.safety import aws_environment, clean_environment, require_emulator
from smskit_local.source_hash import source_hash
from smskit_local.stack_file import LOCAL, LocalStack
from smskit_local.waiting import until

PHONE_STATE = LOCAL / "phone"
PHONE_LOG = LOCAL / "logs" / "phone.log"
PHONE_FAULTS = LOCAL / "phone-faults.json"
PHONE_MARK = processes.Mark("phone", LOCAL)
DEPLOY_OUTPUT = LOCAL / "deploy"

_PREFERRED_PORT = 4566
_PHONE = "phone-001"  # the folder of the first of several simulated phones
_REQUESTS_PER_HOUR = 10_000
_PHONE_SECONDS = 300  # on a machine with 15 others at work it took 93


def emulator() -> Emulator:
    """The emulator of ``make up``."""
    return Emulator(LOCAL / "emulator", port=free_port(_PREFERRED_PORT))


def bring_up(progress: Progress) -> LocalStack:
    """Return a stack that runs the present sources and has a phone online.

    What still runs is reused; if the emulator died, its state died too and all is made anew.
    """
    current = source_hash()
    stack = _living_stack()
    if stack is None:
        stack = _start_over(progress, current)
    elif stack.sourceHash != current:
        with progress.step("deploying the changed sources"):
            stack = replace(stack, outputs=deploy(stack.endpointUrl, output=DEPLOY_OUTPUT), sourceHash=current)
            stack_file.write(stack)
    else:
        progress.say("the stack is up and its sources haven't changed")
    with progress.step("starting a webhook receiver"):
        receiver.ensure(receiver.Registered(stack.webhookUrl, stack.webhookSecret))
    _ensure_phone(stack, progress)
    _ensure_first_screen(stack, progress)
    return stack


def take_down() -> int:
    """End every process of the local stack, forget its state, and return how many there were."""
    count = processes.stop(PHONE_MARK) + processes.stop(receiver.MARK) + emulator().stop()
    stack_file.forget()
    shutil.rmtree(PHONE_STATE, ignore_errors=True)
    shutil.rmtree(LOCAL / "emulator" / "scratch", ignore_errors=True)
    return count


def running() -> dict[str, list[int]]:
    """The ids of the processes of the local stack, by role."""
    return {"emulator": processes.find(emulator().mark), "phone": processes.find(PHONE_MARK),
            "webhooks": processes.find(receiver.MARK)}  # fmt: skip


def _living_stack() -> LocalStack | None:
    """The recorded stack, if its emulator still runs and still knows its API key."""
    stack = stack_file.read()
    if stack is None or not emulator().is_running() or emulator().endpoint != stack.endpointUrl:
        return None
    require_emulator(stack.endpointUrl)
    with Customer(stack.apiUrl, stack.apiKey) as customer:
        return stack if customer.is_welcome() else None


def _start_over(progress: Progress, sources: str) -> LocalStack:
    take_down()
    aws = emulator()
    with progress.step("starting the AWS emulator"):
        aws.start()
    with progress.step("deploying to it (the first time also builds the layers)"):
        outputs = deploy(aws.endpoint, output=DEPLOY_OUTPUT)
    with progress.step("creating an account, an API key, a webhook and a person who may sign in"):
        stack = _open_account(aws, outputs, sources)
    stack_file.write(stack)
    return stack


def _open_account(aws: Emulator, outputs: dict[str, str], sources: str) -> LocalStack:
    account = commands.admin("account", "create", "--name", "Local", environment=aws.environment)["accountId"]
    client = commands.admin(
        *("client", "create", "--account", account, "--name", "Local", "--limit", str(_REQUESTS_PER_HOUR)),
        environment=aws.environment,
    )
    with Customer(outputs["ApiUrl"], client["apiKey"]) as customer:
        webhook = receiver.register(customer)
    owner = sign_up_owner(aws, outputs["UserPoolId"], account)
    return LocalStack(
        env="emulator",
        endpointUrl=aws.endpoint,
        region=EMULATOR_REGION,
        accountId=account,
        apiUrl=outputs["ApiUrl"],
        apiKey=client["apiKey"],
        clientId=client["clientId"],
        webSocketUrl=outputs["WebSocketUrl"],
        pairUrl=f"{outputs['ApiUrl']}/phone/pair",
        awsEnv=aws_environment(aws.endpoint),
        webhookUrl=webhook.url,
        webhookSecret=webhook.secret,
        dashboardUrl=outputs["DashboardUrl"],
        dashboardEmail=owner.email,
        dashboardPassword=owner.password,
        outputs=outputs,
        sourceHash=sources,
    )


def _ensure_phone(stack: LocalStack, progress: Progress) -> None:
    process = None
    if not processes.find(PHONE_MARK):
        with progress.step("pairing and starting a simulated phone"):
            process = _start_phone(stack)
    with progress.step("waiting for the phone"), Customer(stack.apiUrl, stack.apiKey) as customer:
        until(
            customer.has_phone_online,
            _PHONE_SECONDS,
            "the simulated phone didn't come online",
            log=PHONE_LOG,
            is_alive=lambda: processes.find(PHONE_MARK) if process is None else process.poll() is None,
        )


def _ensure_first_screen(stack: LocalStack, progress: Progress) -> None:
    """Once for the account, which ends with the emulator."""
    done = emulator().home / "first-screen"
    if done.exists():
        return
    with (
        progress.step("letting the phone send and receive a few SMS"),
        Customer(stack.apiUrl, stack.apiKey) as customer,
    ):
        first_screen.fill(customer, PHONE_STATE / _PHONE)
    done.touch()


def _start_phone(stack: LocalStack) -> subprocess.Popen[bytes]:
    """Start it; a phone that was paired before a crash keeps its identity and ignores the new code."""
    pairing = commands.admin("pairing-code", "create", "--account", stack.accountId, environment=emulator().environment)
    PHONE_LOG.unlink(missing_ok=True)
    command = [commands.PHONE, "sim", "--server", stack.apiUrl, "--code", pairing["code"], "--count", "1"]
    PHONE_FAULTS.write_text(json.dumps(first_screen.FAULTS))
    command += ["--state", str(PHONE_STATE), "--faults", str(PHONE_FAULTS)]
    return processes.start(PHONE_MARK, command, environment=clean_environment(), log=PHONE_LOG)
