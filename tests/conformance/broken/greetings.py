"""Phones that pair, greet or beat badly."""

import asyncio
import secrets
from contextlib import suppress

from smskit_phone import credentials, harness, identity, pairing, session
from smskit_phone.conformance.rules import in_order
from smskit_phone.conformance.verdicts import Need
from smskit_phone.errors import PairingError
from smskit_phone.session import Session
from smskit_phone.websocket import Link
from tests.conformance.broken.variants import Patch, say, variant


@variant("hello.journal")
def has_another_journal_id_at_each_start(patch: Patch) -> None:
    patch.setattr(identity, "place_of", lambda path: secrets.token_hex(4))


@variant("hello.first", "hello.unanswered")
def says_hello_twice_on_a_connection(patch: Patch) -> None:
    async def insist(self):
        self._questions.ask(self._context.stopwatch.now())
        await self._link.send(self._hello())
        await self._link.send(self._hello())
        return await session.wait_at_most(self._welcomed, self._timings.hello_timeout)

    patch.setattr(Session, "_greet", insist)


@variant("pair.code")
def tells_no_sims_when_it_pairs(patch: Patch) -> None:
    patch.setattr(harness, "SIMS", ())


@variant("pair.kept", may_break=tuple(rule.rule_id for rule in in_order() if Need.RESTART in rule.needs))
def pairs_at_each_start(patch: Patch) -> None:
    patch.setattr(credentials, "is_paired", lambda state_dir: False)


@variant("pair.refused")
def tries_a_code_until_it_is_good(patch: Patch) -> None:
    redeem = pairing._redeem

    async def stubborn(*arguments):
        for _ in range(20):
            with suppress(PairingError):
                return await redeem(*arguments)
        raise PairingError("the code is still not good")

    patch.setattr(pairing, "_redeem", stubborn)


@variant("hello.fields", may_break=("hello.journal",))
def says_no_more_than_it_must_in_hello(patch: Patch) -> None:
    say(patch, "hello", lambda frame: {name: frame[name] for name in ("type", "protocol", "sims", "open")})


@variant("hello.early-offer")
def passes_over_what_comes_before_welcome(patch: Patch) -> None:
    class Nothing(list):
        def append(self, frame):
            pass

    start = Session.__init__

    def deaf(self, *arguments):
        start(self, *arguments)
        self._early = Nothing()

    patch.setattr(Session, "__init__", deaf)


@variant("heartbeat.pace", "heartbeat.silence", may_break=("frames.valid",))
def has_no_heart(patch: Patch) -> None:
    async def still(self):
        await asyncio.Event().wait()

    patch.setattr(Session, "_heartbeat", still)


@variant("heartbeat.silence")
def trusts_a_dead_connection(patch: Patch) -> None:
    patch.setattr(Link, "silent", property(lambda self: True))
