"""What can go wrong for the operator of a phone.

PhoneError
├── PairingError        the server refused the code, or could not be reached
├── NotPairedError      the state folder holds no credentials
├── RevokedError        the server has revoked this phone for good
├── StateInUseError     another process runs on this state folder
├── JournalError        the journal's disk is full or broken
├── UntoldError         pairing anew would lose what the phone still has to tell
├── NoDriverError       the radio's program or its device is not there
├── FaultsError         the faults file cannot be used
├── OpenFilesError      the system allows too few open files for so many phones
└── BadFrameError       a frame from the server does not follow the protocol
"""


class PhoneError(Exception):
    """Base of all errors raised by this package."""


class PairingError(PhoneError):
    """The phone could not be paired; the message says why."""


class NotPairedError(PhoneError):
    """The state folder holds no credentials: pair first."""


class RevokedError(PhoneError):
    """The server has revoked this phone; only pairing again helps."""


class StateInUseError(PhoneError):
    """Two processes on one journal could hand a job over twice, so the second one is refused."""


class JournalError(PhoneError):
    """The journal's disk is full, broken or read-only; the message is SQLite's name for it. It may work again later."""


class UntoldError(PhoneError):
    """Pairing anew would lose what the phone still has to tell; the message says what, and what to do."""


class NoDriverError(PhoneError):
    """What the radio needs isn't installed, or not told; the message says what."""


class FaultsError(PhoneError):
    """The faults file is not valid; the message names the field."""


class OpenFilesError(PhoneError):
    """The system allows too few open files for so many phones."""


class BadFrameError(PhoneError):
    """A frame of a known type lacks a field or has one of the wrong type."""
