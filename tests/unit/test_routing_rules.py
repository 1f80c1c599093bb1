"""Which rule holds for a number, and why a job went where it did."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smskit.dispatch.store.job_items import job_item, job_of
from smskit.models.job import Job, Route, Target
from smskit.models.routing import Choice, Fallback, RoutingRule, choice_of, rule_for

SIM, OTHER = Target("dvc_1", 0), Target("dvc_2", 1)
JOB = Job("job_1", "acc_1", "cli_1", "+254712345678", "Hello", 1, 0, 1, 2)


def rule(name: str, *prefixes: str) -> RoutingRule:
    return RoutingRule(name, prefixes, (SIM,), Fallback.ANY)


@pytest.mark.parametrize(
    ("number", "name"),
    [("+254712345678", "Kenya"), ("+254733345678", "Airtel"), ("+254733000678", "One"), ("+447911123456", None)],
)
def test_the_longest_prefix_decides_wherever_it_stands(number: str, name: str | None) -> None:
    rules = [rule("Airtel", "+25478", "+25473"), rule("Kenya", "+254"), rule("One", "+254733000")]
    for ordered in (rules, rules[::-1]):
        found = rule_for(ordered, number)
        assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("job", "choice"),
    [
        (JOB, Choice.FREE),
        (replace(JOB, targets=(SIM,)), Choice.NAMED),
        (replace(JOB, targets=(Target("dvc_1"),)), Choice.NAMED),
        (replace(JOB, targets=(SIM, OTHER), preferred=SIM), Choice.NAMED),
        (replace(JOB, targets=(SIM,), preferred=SIM, route=Route("Safaricom", (SIM,))), Choice.KNOWN),
        (replace(JOB, preferred=SIM), Choice.KNOWN),
        (replace(JOB, preferred=Target("dvc_1"), route=Route("Safaricom", (OTHER,))), Choice.KNOWN),
        (replace(JOB, preferred=OTHER), Choice.FREE),
        (replace(JOB, route=Route("Safaricom", (OTHER, SIM))), Choice.RULE),
        (replace(JOB, route=Route("Safaricom", (SIM,)), targets=(SIM,)), Choice.RULE),
        (replace(JOB, route=Route("Safaricom", (OTHER,))), Choice.FALLBACK),
    ],
)
def test_why_it_was_this_sim(job: Job, choice: Choice) -> None:
    assert choice_of(job, SIM.device_id, SIM.sim_slot) is choice


@pytest.mark.parametrize("targets", [(), (OTHER, SIM)], ids=["any", "wait"])
def test_a_job_keeps_the_order_of_its_route(targets: tuple[Target, ...]) -> None:
    job = replace(JOB, targets=targets, route=Route("Safaricom", (OTHER, SIM)))
    assert job_of(job_item(job)) == job
    assert ("s" in job_item(job)["route"]) is not bool(targets), "its SIMs are stored once"
