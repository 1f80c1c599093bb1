"""Writes docs/asyncapi.yaml, the published contract of the phone protocol, from the frame models.

Usage: python -m smskit_generate.asyncapi [FILE]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from smskit.entrypoints.phone_frames import PHONE_FRAMES, PROTOCOL_VERSION
from smskit.entrypoints.server_frames import SERVER_FRAMES

ANSWERS = {
    "hello": ["welcome"],
    "heartbeat": ["heartbeat.ack"],
    "claim": ["claimed"],
    "decline": ["declined"],
    "report": ["ack"],
    "received": ["ack"],
}
UNASKED = ["offer", "config", "revoked"]
HEADER = "# Generated from the frame models by `python -m smskit_generate.asyncapi`; do not edit.\n"
DESCRIPTION = """\
JSON text frames of at most 32 KB over one WebSocket a phone. Both sides ignore unknown fields. Frames of one
connection may be handled out of order, so every frame may be repeated: doing so repeats its answer and changes nothing.
A frame that can't be used is answered with `error`; more than 20 such in a minute close the socket.
"""


def document() -> dict[str, Any]:
    """The AsyncAPI 3 document as plain data."""
    frames = PHONE_FRAMES | SERVER_FRAMES
    _, schemas = models_json_schema(
        [(model, "validation") for model in frames.values()], ref_template="#/components/schemas/{model}"
    )
    messages = {
        _key(name): {
            "name": name,
            "summary": (model.__doc__ or "").strip(),
            "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
        }
        for name, model in frames.items()
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "SMSKit phone protocol",
            "version": f"{PROTOCOL_VERSION}.0.0",
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"phones": _server()},
        "channels": {
            "phone": {
                "address": "/",
                "messages": {_key(name): {"$ref": f"#/components/messages/{_key(name)}"} for name in frames},
            }
        },
        "operations": _operations(),
        "components": {
            "schemas": schemas["$defs"],
            "messages": messages,
            "securitySchemes": {
                "deviceToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The deviceToken that pairing gave, shown once.",
                }
            },
        },
    }


def _server() -> dict[str, Any]:
    return {
        "host": "{host}",
        "protocol": "wss",
        "description": "The address is the webSocketUrl that pairing gave.",
        "variables": {"host": {"description": "Host and path of the deployment"}},
        "security": [{"$ref": "#/components/securitySchemes/deviceToken"}],
    }


def _operations() -> dict[str, Any]:
    channel = {"$ref": "#/channels/phone"}
    operations: dict[str, Any] = {}
    for name in PHONE_FRAMES:
        answers = [*ANSWERS[name], "error"]
        operations[f"receive_{_key(name)}"] = {
            "action": "receive",
            "channel": channel,
            "messages": [_message(name)],
            "reply": {"channel": channel, "messages": [_message(answer) for answer in answers]},
        }
    operations["send"] = {"action": "send", "channel": channel, "messages": [_message(name) for name in UNASKED]}
    return operations


def _message(name: str) -> dict[str, str]:
    return {"$ref": f"#/channels/phone/messages/{_key(name)}"}


def _key(name: str) -> str:
    return name.replace(".", "_")


def text() -> str:
    """The document as YAML."""
    import yaml

    body: str = yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=120)
    return HEADER + body


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else "docs/asyncapi.yaml").write_text(text(), encoding="utf-8")
