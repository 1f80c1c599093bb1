"""How busy a phone keeps its radio: `python -m tests.phone.bench_radio`. Not a test: what it prints are times.

One phone, a radio that takes 200 ms a message, a gateway 25 ms away, three jobs at once, 40 messages.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from smskit_phone import Credentials, Faults, FaultSource, Phone, PhoneConfig, SimDriver
from smskit_phone import credentials as credentials_file
from tests.phone.server_double import TOKEN
from tests.phone.windowed import WindowedGateway

MESSAGES, RADIO, ONE_WAY = 40, 0.2, 0.025


class TimedRadio(SimDriver):
    """Writes down when it was given each message and when it had sent it."""

    def __init__(self, state_dir: Path) -> None:
        super().__init__(FaultSource(Faults(send_latency=(RADIO, RADIO))), state_dir / "radio.log")
        self.spans: list[tuple[float, float]] = []
        self.done = asyncio.Event()

    async def send(self, message, on_delivered) -> None:
        begun = time.monotonic()
        await super().send(message, on_delivered)
        self.spans.append((begun, time.monotonic()))
        if len(self.spans) == MESSAGES:
            self.done.set()


async def main() -> None:
    gateway = WindowedGateway(MESSAGES, one_way=ONE_WAY)
    await gateway.start()
    with tempfile.TemporaryDirectory() as folder:
        state_dir = Path(folder)
        credentials_file.save(state_dir, Credentials("dvc_1", TOKEN, gateway.url))
        radio = TimedRadio(state_dir)
        running = asyncio.create_task(Phone(PhoneConfig(state_dir), radio).run())
        await radio.done.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await gateway.stop()
    total = radio.spans[-1][1] - radio.spans[0][0]
    gaps = [later[0] - earlier[1] for earlier, later in zip(radio.spans, radio.spans[1:], strict=False)]
    print(f"{MESSAGES} messages in {total:.2f} s: {MESSAGES / total:.2f} a second of {1 / RADIO:.0f}")
    print(f"idle between messages: {1000 * sum(gaps) / len(gaps):.1f} ms on average, {1000 * max(gaps):.1f} at most")


if __name__ == "__main__":
    asyncio.run(main())
