"""Phones that bear strange frames, or the end of a connection, badly."""

import random

from smskit_phone import parsing, phone
from smskit_phone.errors import BadFrameError
from smskit_phone.phone import Phone
from tests.conformance.broken.variants import Patch, say, variant, wait


@variant("frames.unknown", may_break=("frames.huge",))
def ends_at_a_frame_of_the_future(patch: Patch) -> None:
    parse = parsing.parse

    def strict(text):
        frame = parse(text)
        if frame is None:
            raise RuntimeError("a type that I don't know")
        return frame

    patch.setattr(parsing, "parse", strict)


@variant("frames.garbage", "frames.wrong-types")
def ends_at_a_frame_that_is_none(patch: Patch) -> None:
    parse = parsing.parse

    def fragile(text):
        try:
            return parse(text)
        except BadFrameError:
            raise RuntimeError("what is this?") from None

    patch.setattr(parsing, "parse", fragile)


@variant("frames.valid")
def has_five_bars(patch: Patch) -> None:
    say(patch, "heartbeat", lambda frame: {**frame, "signalStrength": 5})


@variant("connect.backoff", "connect.replaced")
def comes_back_at_once(patch: Patch) -> None:
    patch.setattr(Phone, "_backoff", lambda self, failures: random.uniform(0, self.config.timings.reconnect_base))


@variant("connect.jitter")
def comes_back_when_all_others_do(patch: Patch) -> None:
    patch.setattr(Phone, "_backoff", lambda self, failures: self.config.timings.reconnect_base * 2.0**failures)


@variant("connect.replaced")
def takes_a_welcome_for_success(patch: Patch) -> None:
    wait(patch, settled_after=0.0)


@variant("frames.error", may_break=("claim.repeated",))
def claims_again_at_once_what_was_refused(patch: Patch) -> None:
    wait(patch, refused_pause=0.0, claim_resend=0.01)


@variant("frames.huge")
def ends_at_a_huge_frame(patch: Patch) -> None:
    connect = phone.connect
    patch.setattr(phone, "connect", lambda *a, **options: connect(*a, **{**options, "max_size": None}))
    parse = parsing.parse

    def small(text):
        if len(text) > 1_000_000:
            raise MemoryError
        return parse(text)

    patch.setattr(parsing, "parse", small)


@variant(
    "connect.again",
    may_break=(
        "hello.first",
        "hello.journal",
        "claim.gone",
        "report.next-connection",
        "hello.early-offer",
        "crash.offline",
        "inbound.offline",
        "inbound.next-connection",
        "frames.huge",
    ),
)
def gives_up_when_its_connection_breaks(patch: Patch) -> None:
    patch.setattr(Phone, "_backoff", lambda self, failures: 1e6)


@variant("connect.token")
def shows_its_token_in_the_address(patch: Patch) -> None:
    connect = phone.connect
    patch.setattr(
        phone,
        "connect",
        lambda url, **options: connect(f"{url}?token={options['additional_headers']['Authorization'][7:]}", **options),
    )


@variant("connect.lifetime")
def stays_until_it_is_put_out(patch: Patch) -> None:
    wait(patch, connection_lifetime=(1e6, 1e6))
