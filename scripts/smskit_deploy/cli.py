"""Deploys SMSKit to the AWS account of the present credentials: ``make deploy ENV=prod``."""

from __future__ import annotations

import argparse

from infra.packaging.build import BuildError
from infra.packaging.site import built_site, put_site, settings_of
from smskit_deploy import concurrency, edges, given, place, stacks
from smskit_deploy.place import Place
from smskit_deploy.removal import remove
from smskit_deploy.terminal import require_yes, rows, stop

_SHOWN = ("DashboardUrl", "ApiUrl", "WebSocketUrl", "LoginUrl", "UserPoolClientId")


def main() -> None:
    """Say where and with what, deploy or remove, and say what comes next."""
    arguments = _arguments()
    here = place.find()
    if arguments.command == "undeploy":
        remove(here, arguments.env, data=arguments.data)
    else:
        deploy(
            here, arguments.env, {setting.variable: getattr(arguments, setting.variable) for setting in given.SETTINGS}
        )


def deploy(here: Place, env: str, said: dict[str, str | None]) -> None:
    """Deploy with what is said now and what was given before; nothing is done before that was shown."""
    data, _ = stacks.names(env)
    deployed = stacks.outputs(here, data)
    before = deployed or {}
    settled = given.settle(env, said, before)
    limit = concurrency.available(here)
    edge_url = edges.url(here, env)
    is_edge_in_the_way = edge_url is not None and not settled["edge"]
    print(f"SMSKit {env} {'is deployed anew' if deployed is None else 'is updated'} with:")
    print(
        rows(
            [
                ("Account", here.account),
                ("Region", f"{here.region}  (from {here.chosen_by})"),
                *given.described(settled, before),
                ("Lambda", concurrency.described(limit, here.region)),
            ]
        )
    )
    if is_edge_in_the_way:
        print(f"Goes:  {edges.described(here, env)}. Whoever still uses {edge_url} gets no answer from then on.")
    require_yes("Deploy this?")
    stacks.bootstrap(here)
    context = {"env": env, **settled, "lambdaConcurrency": str(limit), "edgeUrl": edge_url or ""}
    stacks.deploy(here, context)
    if settled["edge"]:
        edges.put_before(here, env, context)
    elif is_edge_in_the_way:
        edges.take_away(here, env, context)
    _publish_dashboard(here, env)
    _show_next(here, env)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="smskit_deploy", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, about in (("deploy", "deploy or update"), ("undeploy", "remove")):
        command = commands.add_parser(name, help=about)
        command.add_argument("--env", choices=["dev", "prod"], required=True)
        if name == "undeploy":
            command.add_argument("--data", action="store_true", help="also the stack that holds tables and users")
            continue
        for setting in given.SETTINGS:
            flag = f"--{setting.variable.lower().replace('_', '-')}"
            command.add_argument(flag, dest=setting.variable, help="stays until it is given anew; empty forgets it")
    return parser.parse_args()


def _publish_dashboard(here: Place, env: str) -> None:
    found = _outputs(here, env)
    try:
        site = built_site()
    except BuildError as error:
        stop(f"Everything is deployed but the dashboard: {error}")
    count = put_site(here.session.client("s3"), found["DashboardBucket"], site, settings_of(found, here.region))
    print(f"The dashboard's {count} files are in {found['DashboardBucket']}.")


def _outputs(here: Place, env: str) -> dict[str, str]:
    return {name: value for stack in stacks.names(env) for name, value in (stacks.outputs(here, stack) or {}).items()}


def _show_next(here: Place, env: str) -> None:
    found = _outputs(here, env)
    print("\n".join(["", *(f"{name}: {found[name]}" for name in _SHOWN if name in found), ""]))
    print(f"Next: make smoke ENV={env} AWS_REGION={here.region}, which tries it out and leaves nothing behind.")
    print("Then: an account, its owner, an API key for your code, and a phone.")
    print(f"  export SMSKIT_ENV={env} AWS_REGION={here.region}")
    print('  .venv/bin/smskit-admin account create --name "My team"')
    print("  .venv/bin/smskit-admin member create-owner --account ACCOUNT_ID --email you@example.com")
    print('  .venv/bin/smskit-admin client create --account ACCOUNT_ID --name "My service"')
    print("  .venv/bin/smskit-admin pairing-code create --account ACCOUNT_ID")
