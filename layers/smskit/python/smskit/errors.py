"""The exception tree. The edge turns each into an HTTP problem or an error frame, in one place."""

from __future__ import annotations


class SmsKitError(Exception):
    """Base of everything that SMSKit raises on purpose."""


class MissingSettingError(SmsKitError):
    """An environment variable that the function needs is not set."""


class ConditionFailedError(SmsKitError):
    """A conditional write was refused. `item` is what the table held, None when it held nothing."""

    def __init__(self, item: dict[str, object] | None) -> None:
        super().__init__("condition failed")
        self.item = item


class TransactionRefusedError(SmsKitError):
    """A transaction was cancelled. `reasons[i]` is the code for operation i, "None" for one that was fine."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(f"transaction cancelled: {reasons}")
        self.reasons = reasons


class ContentionError(SmsKitError):
    """An item changed under every try; the caller's source retries."""


class AnswerLostError(ContentionError):
    """A request without an answer, or with one that leaves open whether it was carried out."""


class KeyRefusedError(SmsKitError):
    """An API key of no client, or `is_of_suspended`."""

    def __init__(self, *, is_of_suspended: bool) -> None:
        super().__init__("key refused")
        self.is_of_suspended = is_of_suspended


class ConnectionGoneError(SmsKitError):
    """The WebSocket connection no longer exists (HTTP 410)."""


class QueueUnavailableError(SmsKitError):
    """SQS refused or failed a send."""


class UnlistedRouteError(SmsKitError):
    """A route without its entry: its row of roles, its problems, or how a part of its path is shown."""


class UserExistsError(SmsKitError):
    """The user pool holds a user with this e-mail address."""


class RefusedError(SmsKitError):
    """A request that is understood and refused. `detail` is meant for the caller."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class InvalidRecipientError(RefusedError):
    """The recipient is not a number that can get an SMS."""


class InvalidNumberError(RefusedError):
    """Not a number that can get an SMS, where a contact's number is asked for."""


class InvalidSettingsError(RefusedError):
    """Settings that an account can't have; `field` is where the fault is, with the place in it: `stopWords/1`."""

    def __init__(self, detail: str, field: str) -> None:
        super().__init__(detail)
        self.field = field


class InvalidRangeError(RefusedError):
    """Days that figures can't be shown for."""


class InvalidUrlError(RefusedError):
    """A URL that no webhook may go to."""


class ForeignDeviceError(RefusedError):
    """A device or SIM that the account doesn't own, or that doesn't exist: the answer is the same."""


class NoEligibleDeviceError(RefusedError):
    """No online, enabled SIM may take the job."""


class OptedOutError(RefusedError):
    """The recipient has opted out of messages from this account."""


class IdempotencyConflictError(RefusedError):
    """The key was used before with another request."""


class NotReplyableError(RefusedError):
    """The conversation is with a sender that takes no SMS."""


class InvalidSendAtError(RefusedError):
    """A time that no message can be scheduled for."""


class InvalidTextError(RefusedError):
    """A text whose braces are no variables."""


class InvalidVariablesError(RefusedError):
    """Values that make no message of a text; `field` is where the fault is, `variables/name`, and `rule` what it
    breaks."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field.replace('/', '.')} {rule}")
        self.field, self.rule = field, rule


class InvalidTemplateError(RefusedError):
    """A template that an account can't have; `field` is where the fault is."""

    def __init__(self, detail: str, field: str) -> None:
        super().__init__(detail)
        self.field = field


class UnknownTemplateError(RefusedError):
    """A send by a template that the account doesn't have."""


class TooManyTemplatesError(RefusedError):
    """The account has as many templates as it may have."""


class NothingAcceptedError(RefusedError):
    """Every row of a bulk request is refused; `faults` are (row, field within it, rule)."""

    def __init__(self, detail: str, faults: list[tuple[int, str, str]]) -> None:
        super().__init__(detail)
        self.faults = faults


class NotFoundError(RefusedError):
    """No such thing in this account."""


class NotCancellableError(RefusedError):
    """The job has left Scheduled and Pending."""


class NotScheduledError(RefusedError):
    """The job is not, or no longer, Scheduled."""


class InvalidCursorError(RefusedError):
    """A cursor that no answer gave out; `field` is where it stood."""

    def __init__(self, detail: str, field: str = "cursor") -> None:
        super().__init__(detail)
        self.field = field


class NotFinishedError(RefusedError):
    """The job waits, or a phone is at it: its text is still needed."""


class UnknownSenderError(RefusedError):
    """No SIM of the account has the number that a message is to go out from."""


class LastKeyError(RefusedError):
    """A client keeps at least one key."""


class InvalidTimeError(RefusedError):
    """A time that can't be replayed from."""


class WebhookExistsError(RefusedError):
    """The account has an endpoint with this URL and these events."""


class TooManyWebhooksError(RefusedError):
    """The account has as many endpoints as it may have."""


class TooManySecretsError(RefusedError):
    """The endpoint has as many secrets that sign as it may have."""


class WebhookSuspendedError(RefusedError):
    """Nothing is sent to an endpoint that is suspended, but the ping that enables it."""


class MemberExistsError(RefusedError):
    """The e-mail address belongs to a member, of this account or of another one."""


class TooManyMembersError(RefusedError):
    """The account has as many members as it may have."""


class LastOwnerError(RefusedError):
    """An account's only owner can be neither removed nor demoted."""


class InvalidEmailError(RefusedError):
    """An e-mail address that the user pool doesn't take."""


class UnavailableError(RefusedError):
    """The request could not be completed now; the same request may be sent again after `retry_after` seconds."""

    def __init__(self, detail: str, retry_after: int = 1) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class RateLimitedError(RefusedError):
    """Too many requests or tries; `retry_after` is the seconds to wait."""

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
