"""Deploys SMSKit to the AWS account of the present credentials: ``make deploy ENV=prod``."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import boto3
from botocore.exceptions import BotoCoreError, ClientError

ROOT = Path(__file__).resolve().parent.parent
CDK = ROOT / "node_modules" / ".bin" / "cdk"


def main() -> None:
    """Check who and where we are, bootstrap once, deploy, and say what comes next."""
    arguments = _arguments()
    if os.environ.get("AWS_ENDPOINT_URL"):
        _stop("AWS_ENDPOINT_URL is set, so this wouldn't reach AWS. Unset it, or use make up for the emulator.")
    session = boto3.Session()
    account, region = _account(session), _region(session)
    print(f"Deploying SMSKit {arguments.env} to account {account}, region {region}.")
    _bootstrap(session, account, region)
    context = {"env": arguments.env, "alarmEmail": arguments.alarm_email, "consoleUrls": arguments.console_urls}
    outputs = _deploy(arguments.env, context, region)
    _show_next(arguments.env, region, outputs)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--env", choices=["dev", "prod"], required=True)
    parser.add_argument("--alarm-email", default="", help="who gets the alarms")
    parser.add_argument("--console-urls", default="", help="where signing in may lead back to, comma separated")
    return parser.parse_args()


def _account(session: boto3.Session) -> str:
    try:
        return str(
            session.client("sts", region_name=session.region_name or "us-east-1").get_caller_identity()["Account"]
        )
    except (BotoCoreError, ClientError) as error:
        _stop(f"No usable AWS credentials: {error}\nSign in (aws sso login, or set AWS_PROFILE) and try again.")


def _region(session: boto3.Session) -> str:
    if not session.region_name:
        _stop("No AWS region: set AWS_REGION, for example AWS_REGION=eu-west-1.")
    return session.region_name


def _bootstrap(session: boto3.Session, account: str, region: str) -> None:
    """``cdk bootstrap`` once for each account and region."""
    try:
        session.client("cloudformation", region_name=region).describe_stacks(StackName="CDKToolkit")
    except ClientError as error:
        if "does not exist" not in str(error):
            _stop(f"Can't read the stacks of this account: {error}")
        print("This account and region haven't been bootstrapped for the CDK; doing it now.")
        _run("bootstrap", f"aws://{account}/{region}", region=region)


def _deploy(env: str, context: dict[str, str], region: str) -> dict[str, str]:
    outputs = ROOT / "cdk.out" / f"outputs-{env}.json"
    outputs.parent.mkdir(exist_ok=True)
    given = (part for name, value in context.items() if value for part in ("--context", f"{name}={value}"))
    _run("deploy", "--all", *given, "--outputs-file", str(outputs), region=region)
    stacks: dict[str, dict[str, str]] = json.loads(outputs.read_text())
    return stacks[f"SmsKit-{env}-App"]


def _run(*command: str, region: str) -> None:
    app = ["--app", f"{sys.executable} app.py", "--no-notices"]
    environment = {**os.environ, "AWS_REGION": region}
    if subprocess.run([str(CDK), *command, *app], cwd=ROOT, env=environment, check=False).returncode != 0:
        _stop(f"cdk {command[0]} failed; its message is above.")


def _show_next(env: str, region: str, outputs: dict[str, str]) -> None:
    print("\n".join(["", *(f"{name}: {value}" for name, value in outputs.items()), ""]))
    print("Next: an account, its owner, an API key for your code, and a phone.")
    print(f"  export SMSKIT_ENV={env} AWS_REGION={region}")
    print('  .venv/bin/smskit-admin account create --name "My team"')
    print("  .venv/bin/smskit-admin member create-owner --account ACCOUNT_ID --email you@example.com")
    print('  .venv/bin/smskit-admin client create --account ACCOUNT_ID --name "My service"')
    print("  .venv/bin/smskit-admin pairing-code create --account ACCOUNT_ID")


def _stop(message: str) -> NoReturn:
    sys.exit(message)


if __name__ == "__main__":
    main()
