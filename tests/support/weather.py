"""What AWS does to a request now and then, as hooks: fair weather unless a test says otherwise."""

from __future__ import annotations


class Weather:
    """Override what shall happen; each hook is asked once for each request, or for each part of a batch."""

    keeps_versions = False  # whether items keep the version before the last write, for reads that may be stale

    def pause(self) -> None:
        """Called inside of a transaction, between what it prepares and its end: others may run meanwhile.

        What it raises ends the caller, not the transaction: DynamoDB finishes what it was asked to do.
        """

    def throttles(self, operation: str, table: str) -> str | None:
        """The code by which this request, or this part of a batch or a transaction, is throttled.

        "ThrottlingException" or "ProvisionedThroughputExceededException"; in a batch the part comes back unprocessed.
        """

    def loses_answer(self, operation: str) -> bool:
        """Whether the caller waits in vain for the answer to a request that was carried out."""
        return False

    def is_stale(self, table: str) -> bool:
        """Whether an eventually consistent read finds an item as it was before its last write."""
        return False
