"""The device token and where to connect, in a file that only its owner can read."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from smskit_phone.errors import NotPairedError

FILE_NAME = "credentials.json"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What pairing handed out. The token is shown once by the server and lives only here."""

    device_id: str
    device_token: str = field(repr=False)
    web_socket_url: str
    name: str = ""
    sims: int = 1
    revoked: bool = False


def load(state_dir: Path) -> Credentials:
    """Raises NotPairedError if there is no usable credentials file."""
    try:
        return Credentials(**json.loads((state_dir / FILE_NAME).read_text()))
    except FileNotFoundError:
        raise NotPairedError(f"{state_dir} holds no {FILE_NAME}: pair this phone first") from None
    except (ValueError, TypeError) as error:
        raise NotPairedError(f"{state_dir / FILE_NAME} cannot be read: {error}") from None


def is_paired(state_dir: Path) -> bool:
    """Whether the folder holds a credentials file."""
    return (state_dir / FILE_NAME).exists()


def make_folder(state_dir: Path) -> None:
    """The state folder, for its owner alone."""
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)


def save(state_dir: Path, credentials: Credentials) -> None:
    """Replaces the file at once, so that a crash leaves the old or the new one. Mode 0600 from its first byte."""
    make_folder(state_dir)
    draft = state_dir / f"{FILE_NAME}.new"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(credentials), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(state_dir / FILE_NAME)
    directory = os.open(state_dir, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
