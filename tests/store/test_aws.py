"""The clients of a process: made once, by whichever thread asks first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import boto3
import pytest

from smskit import aws
from tests.support.aws import Cloud

THREADS = 10


def test_threads_of_a_cold_start_share_one_session_and_one_client(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions: list[boto3.Session] = []
    clients: list[Any] = []
    original, together = boto3.Session, Barrier(THREADS)

    class Counted(original):  # type: ignore[misc, valid-type]
        def __init__(self, **named: Any) -> None:
            super().__init__(**named)
            sessions.append(self)

        def client(self, *arguments: Any, **named: Any) -> Any:
            made = super().client(*arguments, **named)
            clients.append(made)
            return made

    monkeypatch.setattr(boto3, "Session", Counted)
    aws.client.cache_clear()
    aws.session.cache_clear()

    def ask(_: int) -> Any:
        together.wait(10)
        return aws.client("dynamodb")

    with ThreadPoolExecutor(THREADS) as pool:
        given = list(pool.map(ask, range(THREADS)))
    assert len(sessions) == len(clients) == 1
    assert all(client is clients[0] for client in given)


def test_each_service_and_address_has_a_client_of_its_own(cloud: Cloud) -> None:
    address = "https://a.example/live"
    made = [
        aws.client("dynamodb"),
        aws.client("sqs"),
        aws.client("apigatewaymanagementapi", address),
        aws.client("apigatewaymanagementapi", f"{address}2"),
    ]
    assert len({id(client) for client in made}) == 4
    assert aws.client("apigatewaymanagementapi", address) is made[2]
