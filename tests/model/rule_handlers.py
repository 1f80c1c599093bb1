"""The handlers of the rules' world: the queue's, timers, and frames of phones."""

from __future__ import annotations

from tests.model.rule_pool import PoolHandlers, same, without
from tests.model.rules import Process, Steps, Timer

TRIES = 6


class Handlers(PoolHandlers):
    """What the functions do, as far as the rules go."""

    # -- the queue -------------------------------------------------------------------------------------------

    def dispatch(self, job: int, redelivered: bool) -> Steps:
        """Offer a job from its queue to a ready lane, or put it into the pool and look for a lane once more."""
        if redelivered and (yield from self._is_seen_to(job)):
            return
        for _ in range(TRIES):
            yield
            found = [lane for lane in sorted(self.ready) if self.may_take(lane, job)]
            if not found:
                break
            lane = self.random.choice(found)
            yield
            version, held = self.read(lane)
            if job in held:
                return  # that offer has a timer of its own
            if self.free(held) <= 0:
                continue
            token = self.token()
            if "timer-late" not in self.broken:
                self.arm(job, lane, token)
            yield
            if self.save(lane, version, {**held, job: token}):
                yield
                self.post(lane, "offer", job, token)
                return
        yield from self.publish(job)
        if "no-look-job" not in self.broken:
            yield from self.match(job)

    def _is_seen_to(self, job: int) -> Steps:
        """Whether an earlier run, or somebody else, has done what was to be done for the job."""
        yield
        if self.jobs[job].status != "Pending":
            return True
        yield
        if self.is_published(job):
            yield from self.match(job)
            return True
        return False

    # -- timers ------------------------------------------------------------------------------------------------

    def offer_due(self, timer: Timer) -> Steps:
        """Nobody claimed in time: the job goes back into the pool and to another lane; one in neither place as well."""
        yield
        job = self.jobs[timer.job]
        if job.status != "Pending" and job.token == timer.token:
            return  # claimed: what it says next frees the lane
        if job.status != "Pending":
            yield from self.settle(timer.lane, without({timer.token}), True)
            return
        yield
        is_lost = timer.token in self.lanes[timer.lane].lost  # then the timer of who took it looks after it
        back = yield from self.release(timer.lane, {timer.job: timer.token})
        yield
        if not back and not is_lost and job.status == "Pending" and "no-orphans" not in self.broken:
            yield
            # All entries, whatever stands: a publishing and a taking out may have met between two targets' entries.
            if "first-only" not in self.broken or not self.is_published(timer.job):
                yield from self.publish(timer.job)
                back = True
        if (back or timer.redelivered) and job.status == "Pending" and self.is_published(timer.job):
            yield from self.match(timer.job, but=timer.lane)
        yield from self.settle(timer.lane, same, True)

    def hedge(self, timer: Timer) -> Steps:
        """Nobody claimed an urgent offer in 2 s: it stays, with a full timer, and another lane is offered the job."""
        yield
        job = self.jobs[timer.job]
        if job.status != "Pending" and job.token == timer.token:
            return
        full = Timer(timer.job, timer.lane, timer.token, self.now, (*timer.setters, self.running))
        if not self.broken & {"no-full", "full-last"}:
            self.timers.append(full)
        yield
        if job.status == "Pending" and timer.token not in self.lanes[timer.lane].lost:
            yield
            if not self.is_published(timer.job):
                yield from self.publish(timer.job)
            yield from self.match(timer.job, but=timer.lane)
        if "full-last" in self.broken:
            yield
            self.timers.append(full)

    def fill(self, lane: int) -> Steps:
        """Look again for a lane whose look lost twice."""
        yield from self.settle(lane, same, True)

    # -- frames ------------------------------------------------------------------------------------------------

    def hello(self, lane: int) -> Steps:
        """Holds of Pending jobs that the phone doesn't know go back."""
        yield
        held = {job: token for job, token in self.lanes[lane].held.items() if (job, token) not in self.phones[lane]}
        for job, token in held.items():
            yield
            if self.jobs[job].status == "Pending":
                yield from self.release(lane, {job: token})
        yield from self.settle(lane, same, True)

    def claim(self, lane: int, number: int, token: int) -> Steps:
        """The claim decides: of several offers of a Pending job the first claim wins."""
        yield
        job = self.jobs[number]
        if self.lanes[lane].held.get(number) != token or token in self.late:
            self.post(lane, "go" if job.token == token and job.status == "Assigned" else "gone", number, token)
            return
        yield
        if job.status == "Pending" or ("blind-claim" in self.broken and job.status == "Assigned"):
            job.status, job.lane, job.token = "Assigned", lane, token
        if job.status == "Assigned" and job.token == token:
            self.post(lane, "go", number, token)
            return
        yield from self.settle(lane, without({token}), True)
        self.post(lane, "gone", number, token)

    def report(self, lane: int, number: int, token: int) -> Steps:
        """The job is Sent and the lane's credit free; a lane released by an earlier run is filled all the same."""
        yield
        job = self.jobs[number]
        if job.token == token and job.status == "Assigned":
            job.status = "Sent"
        yield
        released_before = self.lanes[lane].held.get(number) != token
        yield from self.settle(lane, without({token}), released_before)
        yield
        self.post(lane, "ack", number, token)

    def decline(self, lane: int, number: int, token: int) -> Steps:
        """Assigned to Pending, its entries and the lane's credit are one transaction, behind a timer."""
        job = self.jobs[number]
        while job.status == "Assigned" and job.token == token:
            self.arm(number, lane, token)
            yield
            version, held = self.read(lane)
            yield
            if job.status != "Assigned" or job.token != token:
                break
            if self.save(lane, version, without({token})(held)):
                job.status, job.lane, job.token = "Pending", None, None
                self.pool |= {(scope, number) for scope in job.scopes}
        yield from self.settle(lane, without({token}), True)
        yield
        if job.status == "Pending" and self.is_published(number):
            yield from self.match(number)
        yield
        self.post(lane, "declined", number, token)

    def frame(self, lane: int, kind: str, job: int, token: int) -> Process:
        """The handler of a phone's frame."""
        handle = {"claim": self.claim, "report": self.report, "decline": self.decline}[kind]
        return Process(handle(lane, job, token), claims=token if kind == "claim" else None)
