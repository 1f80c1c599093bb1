"""Read, change, write under the condition that nothing has changed since: and again while somebody else is faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from smskit.errors import ConditionFailedError
from smskit.platform.patience import Patience

Seen = TypeVar("Seen")
Written = TypeVar("Written")


def until_written(read: Callable[[], Seen], write: Callable[[Seen], Written], reason: str) -> Written:
    """What `write` makes of what `read` gives. ConditionFailedError from it means that this has changed meanwhile.

    Then, behind a random pause, it is read again. Whatever else the two raise goes through. Raises ContentionError with
    the reason when it was in vain for as long as a handler can afford.
    """
    patience = Patience()
    while True:
        try:
            return write(read())
        except ConditionFailedError:
            patience.wait(reason)
