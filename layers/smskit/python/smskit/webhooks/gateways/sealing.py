"""Signing secrets at rest: sealed by KMS under the installation's key, so that whoever reads a table has none of them.

Those who register endpoints may seal, those who sign may open; no function may do both.
"""

from __future__ import annotations

from base64 import b64decode, b64encode

from smskit import aws, settings
from smskit.caches import cached


def seal(secret: str, account_id: str, webhook_id: str) -> str:
    """The secret as it may be stored: base64, and good for this endpoint alone."""
    answer = aws.client("kms").encrypt(
        KeyId=settings.secrets_key(), Plaintext=secret.encode(), EncryptionContext=_context(account_id, webhook_id)
    )
    return b64encode(answer["CiphertextBlob"]).decode()


@cached(maxsize=1000)
def opened(sealed: str, account_id: str, webhook_id: str) -> str:
    """The secret again. KMS is asked once a process for each: what is sealed never changes."""
    answer = aws.client("kms").decrypt(
        KeyId=settings.secrets_key(),
        CiphertextBlob=b64decode(sealed),
        EncryptionContext=_context(account_id, webhook_id),
    )
    return bytes(answer["Plaintext"]).decode()


def _context(account_id: str, webhook_id: str) -> dict[str, str]:
    """KMS opens under the words alone that it sealed under; `purpose` is what the roles' grants ask for."""
    return {"purpose": "webhook-secret", "account": account_id, "webhook": webhook_id}
