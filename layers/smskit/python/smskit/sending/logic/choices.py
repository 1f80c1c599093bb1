"""Why a message went to a SIM, or may go to no other, in words that follow what is said of it."""

from __future__ import annotations

from smskit.models import worlds
from smskit.models.job import Job
from smskit.models.routing import Choice, choice_of

_CHOSEN: dict[Choice, str] = {
    Choice.NAMED: "as the sender had named that SIM",
    Choice.KNOWN: "as the recipient had written to that SIM last",
    Choice.RULE: "as {rule} names that SIM for this number",
    Choice.FALLBACK: "in place of the SIMs that {rule} names for this number",
    Choice.FREE: "as that SIM was free",
}


def clause(job: Job) -> str:
    """Why it was this SIM; nothing of a job that no SIM has, and in a test world, which has only one."""
    if job.device_id is None or worlds.is_test(job.account_id):
        return ""
    return f", {_CHOSEN[choice_of(job, job.device_id, job.sim_slot)].format(rule=rule(job))}"


def rule(job: Job) -> str:
    """The routing rule that holds for the job, by its name."""
    return f'the routing rule "{job.route.rule}"' if job.route is not None else ""


def limits(job: Job) -> str:
    """That its routing rule keeps it from all other SIMs, as a sentence; nothing if none does."""
    return f" T{rule(job)[1:]} lets it go by no other." if job.route is not None and job.targets else ""
