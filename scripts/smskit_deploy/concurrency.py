"""What Lambda lets this account run side by side. A new account often has 10, where AWS's default is 1,000."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from infra.config.concurrency import ON_AWS, fitting
from smskit_deploy.place import Place
from smskit_deploy.terminal import stop


def available(place: Place) -> int:
    """How many functions of the account may run at once, beside what other functions have reserved."""
    try:
        limits = place.session.client("lambda").get_account_settings()["AccountLimit"]
    except (BotoCoreError, ClientError) as error:
        stop(f"Can't read this account's Lambda limits (lambda:GetAccountSettings): {error}")
    return int(limits["UnreservedConcurrentExecutions"])


def described(limit: int, region: str) -> str:
    """What the limit means for the queues' consumers, and what to do where it is too low."""
    most = fitting(limit)
    if most == ON_AWS:
        return f"{limit} at once; the queues' consumers may take {most.total} of them"
    return (
        f"{limit} at once, which is less than SMSKit is made for: the queues' consumers get {most.total} instead of "
        f"{ON_AWS.total}.\n"
        "  Nothing is lost at a peak, but messages wait. Ask AWS for more, then deploy again:\n"
        "  aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384"
        f" --desired-value 1000 --region {region}"
    )
