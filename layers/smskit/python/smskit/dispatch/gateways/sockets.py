"""Frames to phones."""

from __future__ import annotations

import json
from typing import Any

from smskit import aws, settings
from smskit.errors import ConnectionGoneError

MAX_FRAME_BYTES = 32 * 1024


def encode(frame: dict[str, Any]) -> str:
    """A frame as JSON text."""
    return json.dumps(frame, separators=(",", ":"), ensure_ascii=False)


def post(connection_id: str, frame: dict[str, Any]) -> None:
    """Send a frame. Raises ConnectionGoneError when the connection no longer exists."""
    client = aws.client("apigatewaymanagementapi", settings.callback_url())
    try:
        client.post_to_connection(ConnectionId=connection_id, Data=encode(frame).encode())
    except client.exceptions.GoneException:
        raise ConnectionGoneError(connection_id) from None


def close(connection_id: str) -> None:
    """Close a connection; nothing when it is gone already."""
    client = aws.client("apigatewaymanagementapi", settings.callback_url())
    try:
        client.delete_connection(ConnectionId=connection_id)
    except client.exceptions.GoneException:
        return
