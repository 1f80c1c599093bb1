"""How long to wait between two tries at an endpoint that fails.

An endpoint that takes nothing is probed after a third of the outage's age each time, 10 s to an hour, for 24 hours.
What it refuses while it takes other events stands aside, and is tried alone: after a random part of each of
`ASIDE_STEPS`.
"""

from __future__ import annotations

import random

from smskit import settings

SHORTEST_STEP, LONGEST_STEP = 10, 3600
# With more jitter the shortest waits of a day would be more than its 150 transitions allow.
JITTER = 0.3
GIVE_UP_MS = 24 * 3_600_000
ASIDE_STEPS = (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 21_600, 36_000)
MAX_TRIES = len(ASIDE_STEPS) + 1


def longest_ms() -> int:
    """The longest that a wait between two probes can be."""
    return round(2 * LONGEST_STEP * settings.webhook_wait_scale() * 1000)


def give_up_ms() -> int:
    """How long an endpoint may accept nothing before it is suspended."""
    return round(GIVE_UP_MS * settings.webhook_wait_scale())


def until_probe(age_ms: int, retry_after: int | None = None) -> int:
    """Seconds to the next probe of an outage of this age.

    A step is a third of the age, so an outage is over for its events soon after it is over for the endpoint. Three
    tenths of it are jitter; a Retry-After counts between 1× and 2× of it. The last wait ends when the endpoint is given
    up.
    """
    scale = settings.webhook_wait_scale()
    step = min(max(age_ms / scale / 3000, SHORTEST_STEP), LONGEST_STEP) if scale else SHORTEST_STEP
    chosen = _wished(step, retry_after) if retry_after is not None else random.uniform((1 - JITTER) * step, step)
    left = max(give_up_ms() - age_ms, 0) / 1000
    return max(1, round(min(chosen * scale, left + 1)))  # at least a second: no execution spins where time is short


def until_aside(step: int) -> int:
    """Seconds to the next try of what stands aside: a random part of the step (full jitter), at least a second."""
    length = ASIDE_STEPS[min(step, len(ASIDE_STEPS) - 1)]
    return round(max(1.0, random.uniform(0, length)) * settings.webhook_wait_scale())


def _wished(step: float, retry_after: int) -> float:
    return float(min(max(retry_after, step), 2 * step))
