"""Structured logs. Neither secrets nor message texts get in: no events, no request bodies, no validation input."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from smskit.caches import cached
from smskit.errors import RefusedError, SmsKitError

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger


@cached(maxsize=1)
def logger() -> Logger:
    """The function's JSON logger."""
    from aws_lambda_powertools import Logger

    return Logger()


def failure(error: BaseException) -> None:
    """Log an exception with where it came from, and with its words only where they can't repeat what a client sent."""
    chain: list[dict[str, object]] = []
    current: BaseException | None = error
    while current is not None and len(chain) < 5:
        chain.append({"type": _name(current), "message": _words(current), "stack": _stack(current)})
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    logger().error("failed", extra={"failure": chain})


@contextmanager
def errors_logged() -> Iterator[None]:
    """What fails inside is logged and goes no further: for what follows an act that mustn't be asked for again."""
    try:
        yield
    except Exception as error:
        failure(error)


def _name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _words(error: BaseException) -> str | None:
    """Ours and what AWS answered. Other messages, such as those of pydantic and botocore, quote their input."""
    from botocore.exceptions import ClientError, EndpointConnectionError

    ours = isinstance(error, SmsKitError) and not isinstance(error, RefusedError)
    return str(error) if ours or isinstance(error, ClientError | EndpointConnectionError) else None


def _stack(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
