"""Reads CloudFormation templates the way the infra tests ask about them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Resource = dict[str, Any]


class Template:
    """One synthesized stack."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body
        self.resources: dict[str, Resource] = body["Resources"]
        self.outputs: dict[str, Any] = body.get("Outputs", {})

    def of_type(self, kind: str) -> dict[str, Resource]:
        """All resources of a type such as ``AWS::SQS::Queue``, by logical id."""
        return {key: resource for key, resource in self.resources.items() if resource["Type"] == kind}

    def one(self, kind: str, name_part: str) -> Resource:
        """The only resource of a type whose logical id contains ``name_part``."""
        found = [resource for key, resource in self.of_type(kind).items() if name_part in key]
        assert len(found) == 1, f"{len(found)} of {kind} with {name_part} in their name"
        return found[0]

    def function(self, name: str) -> Resource:
        """The function of ``functions/<name>``."""
        for resource in self.of_type("AWS::Lambda::Function").values():
            if resource["Properties"]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == name:
                return resource
        raise AssertionError(f"no function {name}")

    def statements(self, name: str) -> Iterator[tuple[set[str], list[str], dict[str, Any]]]:
        """Actions, resources (as text) and the whole of each policy statement of a function's role."""
        role = self.function(name)["Properties"]["Role"]["Fn::GetAtt"][0]
        for policy in self.of_type("AWS::IAM::Policy").values():
            if {"Ref": role} in policy["Properties"]["Roles"]:
                for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
                    resources = [json.dumps(resource) for resource in as_list(statement["Resource"])]
                    yield set(as_list(statement["Action"])), resources, statement


def as_list(value: Any) -> list[Any]:
    """IAM writes a list of one as the one."""
    return value if isinstance(value, list) else [value]
