"""What handlers do in the rules' world. Each `yield` is one AWS call, before which everything else may happen."""

from __future__ import annotations

from collections.abc import Callable

from tests.model.rules import Held, Steps, World

MISSES = 2  # so often a look may lose to others


def same(held: Held) -> Held:
    return held


def without(tokens: set[int]) -> Callable[[Held], Held]:
    return lambda held: {job: token for job, token in held.items() if token not in tokens}


class PoolHandlers(World):
    """What is done with the pool, a lane and a job."""

    # -- the pool ----------------------------------------------------------------------------------------------

    def publish(self, job: int) -> Steps:
        """All entries of a job, the first target's last: by it a redelivered dispatcher knows that all are there."""
        scopes = self.jobs[job].scopes
        for scope in scopes if "first-entry-first" in self.broken else [*scopes[1:], scopes[0]]:
            yield
            self.pool.add((scope, job))

    def withdraw(self, job: int) -> Steps:
        """Take all entries of a job out."""
        for scope in self.jobs[job].scopes:
            yield
            self.pool.discard((scope, job))

    def take(self, lane: int, job: int) -> Steps:
        """Remove the entry by which the lane saw the job; whether it was there, and the pool not busy."""
        scopes = self.jobs[job].scopes
        scope = "*" if scopes == ["*"] else lane
        yield
        if not self.is_calm and self.random.random() < self.habits.busy:
            return False
        if (scope, job) not in self.pool:
            return False
        self.pool.discard((scope, job))
        for other in scopes:
            if other != scope:
                yield
                self.pool.discard((other, job))
        return True

    # -- a lane ------------------------------------------------------------------------------------------------

    def settle(self, lane: int, change: Callable[[Held], Held], look: bool, missed: Held | None = None) -> Steps:
        """Change what a lane holds and fill it from its pools; a look that lost twice leaves the rest to a timer.

        `missed`: what `change` lets go, as another lane took it first.
        """
        misses, lost, missed = 0, set[int](), missed or {}
        tried: Held = {}  # tokens of tries that were refused: each has its timer
        yield
        version, held = self.read(lane)
        while True:
            wanted = change(held)
            flips = self.free(wanted) > 0 and self.free(held) == 0
            picks: list[int] = []
            if self.free(wanted) > 0 and (flips or look) and misses < MISSES:
                picks = yield from self._pick(lane, wanted, 1 if misses else self.free(wanted), lost)
            if picks and "delete-first" in self.broken:
                got = yield from self._delete_first(lane, version, wanted, picks)
                if got == 0:
                    return
                if got:
                    change, look = same, True
                version, held = self.read(lane)
                continue
            tokens = {job: tried.get(job) or self.token() for job in picks}
            if not (yield from self._hold(lane, version, held, wanted, tokens, tried)):
                tried |= tokens
                yield
                version, held = self.read(lane)
                continue
            self.lanes[lane].lost |= set(held.values()) & set(missed.values())
            tried = tokens if "keeps-lost-token" in self.broken else {}
            version, held = version + (wanted != held or bool(picks)), {**wanted, **tokens}
            if misses == MISSES:
                yield from self._set_fill(lane)
                return
            missed = yield from self._take_all(lane, tokens)
            if missed:
                misses, look, lost = misses + 1, True, lost | missed.keys()
                change = without(set(missed.values()))
                yield from self._set_fill_early(lane, misses)
            elif (flips or picks) and "no-look-lane" not in self.broken:
                change, look = same, True
            else:
                return

    def _set_fill(self, lane: int) -> Steps:
        """The timer that looks again, behind the write: it must not look before the lane can take what it sees."""
        if "fill-early" not in self.broken:
            yield
            self.fills.append((lane, self.now))

    def _set_fill_early(self, lane: int, misses: int) -> Steps:
        """The same before the write, where that rule is broken."""
        if misses == MISSES and "fill-early" in self.broken:
            self.fills.append((lane, self.now))
            yield

    def _pick(self, lane: int, wanted: Held, most: int, lost: set[int]) -> Steps:
        """Jobs that the lane may take next. An entry of an ended job is removed here, that of an Assigned one stays."""
        seen: list[int] = []
        for scope in (lane, "*"):
            yield
            seen += [job for where, job in sorted(self.pool, key=str) if where == scope]
        self.random.shuffle(seen)
        picks: list[int] = []
        for job in seen:
            if len(picks) >= most:
                break
            if "skip-lost" in self.broken and job in lost:
                continue
            yield
            status = self.jobs[job].status
            if status == "Sent" or (status == "Assigned" and "clear-assigned" in self.broken):
                yield
                yield from self.withdraw(job)
            elif status == "Pending" and job not in wanted and job not in picks:
                picks.append(job)
        return picks

    def _hold(self, lane: int, version: int, held: Held, wanted: Held, tokens: Held, tried: Held) -> Steps:
        """The timers of the offers, then the lane; False when the lane changed meanwhile."""
        if "timer-late" not in self.broken:
            for job, token in tokens.items():
                if tried.get(job) != token:
                    self.arm(job, lane, token)
                    yield
        if wanted != held or tokens:
            yield
            if not self.save(lane, version, {**wanted, **tokens}):
                return False
        if "timer-late" in self.broken:
            for job, token in tokens.items():
                yield
                self.arm(job, lane, token)
        return True

    def _take_all(self, lane: int, tokens: Held) -> Steps:
        """Take what the lane holds out of the pool and offer it; what others took first, with its tokens."""
        missed = {}
        for job, token in tokens.items():
            if not (yield from self.take(lane, job)):
                missed[job] = token
        for job, token in tokens.items():
            if job not in missed:
                yield
                self.post(lane, "offer", job, token)
        return missed

    def _delete_first(self, lane: int, version: int, wanted: Held, picks: list[int]) -> Steps:
        """The broken order; how many jobs the lane got, None when the lane changed meanwhile."""
        got: Held = {}
        for job in picks:
            token = self.token()
            self.arm(job, lane, token)
            if (yield from self.take(lane, job)):
                got[job] = token
        yield
        if not self.save(lane, version, {**wanted, **got}):
            for job in got:
                yield from self.publish(job)
            return None
        for job, token in got.items():
            yield
            self.post(lane, "offer", job, token)
        return len(got)

    def release(self, lane: int, back: Held) -> Steps:
        """Take offers off the lane; those that are Pending are in the pool before it. Whether any stood."""
        published = False
        while True:
            yield
            version, held = self.read(lane)
            standing = [job for job, token in back.items() if held.get(job) == token]
            if not standing:
                return False
            if not published and "release-first" not in self.broken:
                for job in standing:
                    yield from self.publish(job)
                published = True
            yield
            if self.save(lane, version, {job: token for job, token in held.items() if job not in standing}):
                if "release-first" in self.broken:
                    for job in standing:
                        yield
                        yield from self.publish(job)
                return True

    # -- a job -------------------------------------------------------------------------------------------------

    def match(self, job: int, but: int | None = None) -> Steps:
        """Offer a job of the pool to a ready lane."""
        yield
        found = [lane for lane in sorted(self.ready) if lane != but and self.may_take(lane, job)]
        self.random.shuffle(found)
        for lane in found:
            yield
            version, held = self.read(lane)
            if self.free(held) <= 0 or job in held:
                continue
            token = self.token()
            self.arm(job, lane, token)
            yield
            if not self.save(lane, version, {**held, job: token}):
                continue
            if (yield from self.take(lane, job)):
                yield
                self.post(lane, "offer", job, token)
            else:
                yield from self.settle(lane, without({token}), True, {job: token})
            return
