"""Takes a deployment away: ``make undeploy ENV=prod``."""

from __future__ import annotations

from infra.packaging.site import empty_site
from smskit_deploy import edges, given, stacks
from smskit_deploy.place import Place
from smskit_deploy.terminal import require_yes, stop


def remove(here: Place, env: str, *, data: bool) -> None:
    """Remove the APIs, functions and alarms; with `data` also the stack behind them.

    Tables, their key and the users are kept in any case: a stack that goes leaves them where they are, protected
    against deletion, and the next deployment makes new ones beside them.
    """
    kept, replaceable = stacks.names(env)
    before = stacks.outputs(here, kept)
    if before is None:
        stop(f"There is no deployment {env} in account {here.account}, region {here.region}.")
    print(f"SMSKit {env} in account {here.account}, region {here.region}  (from {here.chosen_by}).")
    print(f"Goes:  {replaceable}: APIs, functions, alarms. Phones and clients get no answer from then on.")
    if data:
        print(f"Goes:  {kept}, with its queues and the messages in them, and the addresses of API and dashboard.")
        print("Stays: the tables, their key and the user pool; no later deployment finds them again by itself.")
    else:
        print(
            f"Stays: {kept}: tables, key, users, queues, addresses, settings. make deploy ENV={env} goes on from there."
        )
    has_edge = edges.url(here, env) is not None
    if has_edge:
        print(f"Goes:  {edges.described(here, env)}. It is made anew with another address.")
    require_yes("Remove this?")
    context = {"env": env} | {setting.context: before.get(setting.output, "") for setting in given.SETTINGS}
    if has_edge:
        edges.take_away(here, env, context)
    if stacks.outputs(here, replaceable) is not None:
        stacks.destroy(here, replaceable, context)
    if data:
        here.session.client("cloudformation").update_termination_protection(
            StackName=kept, EnableTerminationProtection=False
        )
        empty_site(here.session.client("s3"), before["DashboardBucket"])
        stacks.destroy(here, kept, context)
        print("These stay; each costs what it stores, and the key about $1 a month:")
        print("\n".join(f"  {name}: {value}" for name, value in before.items() if _is_kept(name)))


def _is_kept(output: str) -> bool:
    return output.endswith("Table") or output in {"KeyArn", "UserPoolId"}
