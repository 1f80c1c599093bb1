"""The queues between accepting a job and a phone, of the test worlds, of timers and what is done in the background, and
of webhook deliveries."""

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from constructs import Construct

from infra.config.environments import EnvironmentConfig

# AWS asks for six times the timeout of the function that consumes the queue: 5 s for the
# dispatcher, the timekeeper and the test player, 30 s for the janitor, which consumes the dead-letter queues.
_VISIBILITY = Duration.seconds(30)
_DEAD_LETTER_VISIBILITY = Duration.seconds(180)
# Where Lambda has no concurrency left, messages are received and given back unseen, once a visibility timeout: this is
# eight hours of nothing else, for deliveries ten. The dispatcher counts its runs itself (docs/decisions/0018).
_MAX_RECEIVES = 960
_MAX_DELIVERY_RECEIVES = 100
_SENDER_VISIBILITY = Duration.seconds(360)


class Queues(Construct):
    """One FIFO queue a priority class, the timers, background, test and deliveries queues, and a dead-letter queue for
    each; what the background can't do lands with the timers.

    ``event_failures`` gets a note of each stretch of a table's stream that could not be fanned out.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: EnvironmentConfig) -> None:
        super().__init__(scope, construct_id)
        self._require_tls = config.require_tls
        self._send = ["sqs:SendMessage", *(["sqs:SendMessageBatch"] if config.batch_send_action else [])]
        self.urgent = self._fifo("Urgent")
        self.standard = self._fifo("Standard")
        self.bulk = self._fifo("Bulk")
        self.timers = self._standard_queue("Timers", _VISIBILITY, _MAX_RECEIVES)
        self.background = self._standard_queue("Background", _VISIBILITY, _MAX_RECEIVES, dead=self.timers)
        self.test = self._standard_queue("Test", _VISIBILITY, _MAX_RECEIVES)
        self.deliveries = self._standard_queue("Deliveries", _SENDER_VISIBILITY, _MAX_DELIVERY_RECEIVES)
        self.event_failures = self._dead_letters("EventFailures", fifo=False, suffix="")

    @property
    def job_queues(self) -> tuple[sqs.Queue, ...]:
        """The queues that carry jobs to phones, most urgent first."""
        return self.urgent, self.standard, self.bulk

    @property
    def dead_letter_queues(self) -> tuple[sqs.IQueue, ...]:
        """The dead-letter queues about jobs, in the order urgent, standard, bulk, timers, test."""
        queues = (*self.job_queues, self.timers, self.test)
        return tuple(queue.dead_letter_queue.queue for queue in queues if queue.dead_letter_queue)

    @property
    def lost_deliveries(self) -> sqs.IQueue:
        """The dead-letter queue of the deliveries; nobody consumes it, a person sends them back."""
        assert self.deliveries.dead_letter_queue is not None  # noqa: S101
        return self.deliveries.dead_letter_queue.queue

    def grant_send_deliveries(self, grantee: iam.IGrantable) -> None:
        """Allow queueing deliveries, ten a request."""
        self.deliveries.grant(grantee, *self._send)

    def grant_send_jobs(self, grantee: iam.IGrantable) -> None:
        """Allow queueing jobs of either world, alone or ten a request."""
        for queue in (*self.job_queues, self.test):
            queue.grant(grantee, *self._send)

    def grant_set_timers(self, grantee: iam.IGrantable) -> None:
        """Allow setting timers, alone or ten a request."""
        self.timers.grant(grantee, *self._send)

    def grant_background(self, grantee: iam.IGrantable) -> None:
        """Allow leaving long work to the background, alone or ten a request."""
        self.background.grant(grantee, *self._send)

    def _fifo(self, name: str) -> sqs.Queue:
        """High throughput: ordering, deduplication and quota per message group, which is the recipient."""
        return sqs.Queue(
            self,
            name,
            fifo=True,
            deduplication_scope=sqs.DeduplicationScope.MESSAGE_GROUP,
            fifo_throughput_limit=sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=self._require_tls,
            visibility_timeout=_VISIBILITY,
            retention_period=Duration.days(4),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self._dead_letters(name, fifo=True), max_receive_count=_MAX_RECEIVES
            ),
        )

    def _standard_queue(
        self, name: str, visibility: Duration, receives: int, dead: sqs.Queue | None = None
    ) -> sqs.Queue:
        shared = dead.dead_letter_queue.queue if dead is not None and dead.dead_letter_queue else None
        return sqs.Queue(
            self,
            name,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=self._require_tls,
            visibility_timeout=visibility,
            retention_period=Duration.days(4),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=shared or self._dead_letters(name, fifo=False), max_receive_count=receives
            ),
        )

    def _dead_letters(self, name: str, *, fifo: bool, suffix: str = "DeadLetters") -> sqs.Queue:
        return sqs.Queue(
            self,
            f"{name}{suffix}",
            fifo=True if fifo else None,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=self._require_tls,
            visibility_timeout=_DEAD_LETTER_VISIBILITY,
            retention_period=Duration.days(14),
        )


def messages_of(queue: sqs.IQueue, max_concurrency: int) -> SqsEventSource:
    """What starts a function for the messages of a queue, ten a run, in at most so many runs at once."""
    return SqsEventSource(queue, batch_size=10, max_concurrency=max_concurrency, report_batch_item_failures=True)
