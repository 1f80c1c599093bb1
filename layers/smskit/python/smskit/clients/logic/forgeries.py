"""Made-up keys with a right checksum: what a process remembers, so that refusing them costs no write.

While no key is refused, a key is checked and its request counted in one write. The first one that is refused makes the
process doubt for a minute: a key that it has not let in before is then looked up first, which costs a fifth of the
write, and only one that stands is counted. What a write refused is remembered and costs nothing.
"""

from __future__ import annotations

from collections import OrderedDict

from smskit.caches import kept

DOUBT_MS = 60_000
_REMEMBERED = 1_000
_let_in: OrderedDict[str, None] = kept(OrderedDict())
_refused: OrderedDict[str, None] = kept(OrderedDict())


class _Doubt:
    until = 0

    def clear(self) -> None:
        self.until = 0


_doubt = kept(_Doubt())


def forget() -> None:
    """Be as a new process."""
    _let_in.clear()
    _refused.clear()
    _doubt.clear()


def is_refused(key_hash: str) -> bool:
    """Whether a write has told that this is no client's key. It never becomes one: nobody chooses a key."""
    return key_hash in _refused


def is_doubtful(key_hash: str, now: int) -> bool:
    """Whether the key shall be looked up before a write is spent on it."""
    return now < _doubt.until and key_hash not in _let_in


def note_let_in(key_hash: str) -> None:
    """A request with the key was let in. That vouches for nothing but the price of a write."""
    _remember(_let_in, key_hash)


def note_refused(key_hash: str, now: int, *, for_good: bool) -> None:
    """The key was refused; `for_good`: it is known to be no client's, rather than of a client that is suspended."""
    _let_in.pop(key_hash, None)
    _doubt.until = now + DOUBT_MS
    if for_good:
        _remember(_refused, key_hash)


def _remember(kept: OrderedDict[str, None], key_hash: str) -> None:
    kept[key_hash] = None
    kept.move_to_end(key_hash)
    if len(kept) > _REMEMBERED:
        kept.popitem(last=False)
