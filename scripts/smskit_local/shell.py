"""What a shell needs so that the commands of the documentation can be pasted into it."""

import shlex
import sys
from pathlib import Path

from smskit_local.stack_file import LocalStack

USE = 'eval "$(make -s env)"'
"""What a person types."""

_NAME_AN_ACCOUNT = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3")


def exports(stack: LocalStack, phones: Path) -> str:
    """Shell lines: where the API is and its key, our commands on the PATH, and AWS pointed at the emulator alone.

    ``phones`` is where the stack's simulated phones have their state.
    """
    values = {
        "API": stack.apiUrl,
        "API_KEY": stack.apiKey,
        "ACCOUNT": stack.accountId,
        "SMSKIT_ENV": stack.env,
        "SMSKIT_PHONES": str(phones),
        **stack.awsEnv,
    }
    return "\n".join(
        [
            f"unset {' '.join(_NAME_AN_ACCOUNT)}",
            *(f"export {name}={shlex.quote(value)}" for name, value in values.items()),
            f'export PATH={shlex.quote(str(Path(sys.executable).parent))}:"$PATH"',
            'export NO_PROXY="localhost,127.0.0.1${NO_PROXY:+,$NO_PROXY}"',
        ]
    )
