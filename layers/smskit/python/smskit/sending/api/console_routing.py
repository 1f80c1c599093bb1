"""The console API's routes about routing rules."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from smskit.accounts.api import sign_in
from smskit.models.job import Target
from smskit.models.routing import Fallback, RoutingRule
from smskit.platform.http import patterns, serving
from smskit.platform.http.api_models import ApiModel, RequestModel, not_blank
from smskit.platform.times import now_ms
from smskit.sending.api.requests import DeviceId, SimSlot
from smskit.sending.logic import routing
from smskit.sending.logic.routing import MAX_PREFIXES, MAX_RULES, MAX_SIMS

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_TAGS = ["Account"]
_PREFIX = re.compile(patterns.PREFIX, re.ASCII)


def _prefix(text: str) -> str:
    if _PREFIX.fullmatch(text) is None:
        raise PydanticCustomError("prefix", "must be the beginning of numbers in E.164, such as +25471")
    return text


_Name = Annotated[
    str,
    Field(min_length=1, max_length=40),
    AfterValidator(not_blank),
    Field(
        description="What people call it, once in the account.",
        examples=["Safaricom"],
        json_schema_extra=patterns.shown(patterns.NOT_BLANK),
    ),
]
_Prefix = Annotated[
    str,
    Field(min_length=2, max_length=16),
    AfterValidator(_prefix),
    Field(json_schema_extra=patterns.shown(patterns.PREFIX)),
]
_PREFIXES = "How the numbers begin, in E.164; each once in the account. The longest that fits a number decides."
_SIMS = (
    "Asked in this order: of those that are free the first is given the message. Of the account's phones, each once."
)
_FALLBACK = (
    "While none of them is free: `wait` for one of them, also while all of their phones are offline, or `any` SIM of "
    "the account."
)


class RoutedSim(RequestModel):
    """A SIM of a phone of the account."""

    device_id: DeviceId
    sim_slot: SimSlot


class SetRoutingRule(RequestModel):
    """A rule to be."""

    name: _Name
    prefixes: list[_Prefix] = Field(
        min_length=1, max_length=MAX_PREFIXES, description=_PREFIXES, examples=[["+25470", "+25471", "+25472"]]
    )
    sims: list[RoutedSim] = Field(min_length=1, max_length=MAX_SIMS, description=_SIMS)
    fallback: Literal["wait", "any"] = Field(default="any", description=_FALLBACK)


class SetRoutingRules(RequestModel):
    """All rules that the account shall have."""

    rules: list[SetRoutingRule] = Field(
        max_length=MAX_RULES,
        description="No two have a name or a prefix in common. Their SIMs are some of the account; those that its "
        "rules name already may stay, also of phones that were removed since.",
    )


class RoutedSimView(ApiModel):
    """A SIM of a phone, which may have been removed since."""

    device_id: str = Field(examples=["dvc_3K7J2H5F8M1N4Q9R6V0W"])
    sim_slot: int = Field(examples=[0])


class RoutingRuleView(ApiModel):
    """By which SIMs messages to some numbers go."""

    name: str = Field(examples=["Safaricom"])
    prefixes: list[str] = Field(description=_PREFIXES, examples=[["+25470", "+25471", "+25472"]])
    sims: list[RoutedSimView] = Field(description=_SIMS)
    fallback: Fallback = Field(description=_FALLBACK)


class RoutingRules(ApiModel):
    """The account's rules. Messages whose sender names a phone go by none."""

    rules: list[RoutingRuleView]


@router.get(
    "/console/routing-rules",
    summary="Routing rules",
    description="Show by which SIMs messages to some numbers go.",
    response_description="All rules.",
    operation_id="getRoutingRules",
    tags=_TAGS,
)
def get_rules() -> Response[RoutingRules]:
    """Show the rules."""
    return serving.answer(_shown(routing.read(sign_in.person().account_id)))


@router.put(
    "/console/routing-rules",
    summary="Replace the routing rules",
    description="Replace all rules. Sends go by them within 5 minutes; messages that are accepted keep what held for "
    "them, also those that are to be sent later.",
    response_description="All rules, as they are now.",
    operation_id="setRoutingRules",
    tags=_TAGS,
)
def set_rules(request: SetRoutingRules) -> Response[RoutingRules]:
    """Replace the rules."""
    wanted = [_rule(asked) for asked in request.rules]
    return serving.answer(_shown(routing.replace_all(sign_in.person(), wanted, now_ms())))


def _rule(asked: SetRoutingRule) -> RoutingRule:
    sims = tuple(Target(sim.device_id, sim.sim_slot) for sim in asked.sims)
    return RoutingRule(asked.name, tuple(asked.prefixes), sims, Fallback(asked.fallback))


def _shown(rules: tuple[RoutingRule, ...]) -> RoutingRules:
    return RoutingRules(
        rules=[
            RoutingRuleView(
                name=rule.name,
                prefixes=list(rule.prefixes),
                sims=[RoutedSimView(device_id=sim.device_id, sim_slot=sim.sim_slot or 0) for sim in rule.sims],
                fallback=rule.fallback,
            )
            for rule in rules
        ]
    )
