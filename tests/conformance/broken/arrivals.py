"""Phones that lose, double or change what comes in."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from smskit_phone import frames, inbound_store
from smskit_phone.drivers.base import InboundMessage
from smskit_phone.inbound_sender import Forwarder
from smskit_phone.journal import Journal
from tests.conformance.broken.variants import Patch, change_sms, variant


def identify(patch: Patch, id_of: Callable[[InboundMessage], str]) -> None:
    change_sms(patch, lambda one: replace(one, phone_message_id=id_of(one)))


@variant("inbound.crash")
def keeps_what_came_in_in_memory(patch: Patch) -> None:
    recover = Journal.recover

    def forgetful(self, at):
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM received")
        return recover(self, at)

    patch.setattr(Journal, "recover", forgetful)


@variant("inbound.twice")
def makes_a_new_id_whenever_the_radio_repeats(patch: Patch) -> None:
    identify(patch, lambda message: secrets.token_hex(8))


@variant("inbound.same-text", may_break=("inbound.order",))
def knows_an_sms_by_its_text(patch: Patch) -> None:
    identify(patch, lambda message: sha256(message.content.encode("utf-8", "surrogatepass")).hexdigest())


@variant("inbound.forwarded")
def takes_every_sender_for_a_number(patch: Patch) -> None:
    change_sms(patch, lambda one: replace(one, sender="+" + "".join(c for c in one.sender if c.isdigit())))


@variant("inbound.order", may_break=("inbound.offline", "inbound.odd", "inbound.refused"))
def forwards_the_newest_first(patch: Patch) -> None:
    number = inbound_store._number

    def newest(connection, rows):
        waiting = "SELECT id FROM received WHERE seq IS NULL AND refusal IS NULL ORDER BY id DESC LIMIT 1"
        return number(connection, connection.execute(waiting).fetchall() or rows)

    patch.setattr(inbound_store, "_number", newest)


@variant("inbound.odd", may_break=("inbound.too-large",))
def passes_over_an_sms_without_text(patch: Patch) -> None:
    take = Forwarder._take
    patch.setattr(Forwarder, "_take", lambda self, messages: take(self, [one for one in messages if one.content]))


@variant("inbound.too-large", may_break=("inbound.odd",))
def forwards_whatever_its_size(patch: Patch) -> None:
    patch.setattr(frames, "FRAME_BYTES", 10**9)


@variant("inbound.offline")
def hears_sms_only_while_it_is_connected(patch: Patch) -> None:
    take, pump = Forwarder._take, Forwarder.pump

    def fickle(self, messages):
        if not getattr(self, "is_connected", False):
            raise OSError("not connected")
        take(self, messages)

    async def pumping(self, link):
        self.is_connected = True
        try:
            await pump(self, link)
        finally:
            self.is_connected = False

    patch.setattr(Forwarder, "_take", fickle)
    patch.setattr(Forwarder, "pump", pumping)


@variant("inbound.next-connection", may_break=("inbound.crash",))
def forgets_on_each_connection_what_it_forwarded(patch: Patch) -> None:
    pump = Forwarder.pump

    async def forgetful(self, link):
        with self._arrivals._database.transaction() as connection:
            connection.execute("DELETE FROM received WHERE seq IS NOT NULL")
        await pump(self, link)

    patch.setattr(Forwarder, "pump", forgetful)
