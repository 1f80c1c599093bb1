"""Structured logs. Never an event, a key, a token or a message text: only ids, counts and codes are passed to it."""

from __future__ import annotations

from aws_lambda_powertools import Logger

logger = Logger()
