"""Where a webhook may go. The rules are values that the way out uses too, at every connect; this is their door."""

from __future__ import annotations

from collections.abc import Sequence

from smskit.models import endpoint_url
from smskit.models.refused_addresses import is_refused

__all__ = ["check_url", "is_refused"]


def check_url(text: str, *, local: bool, own_domains: Sequence[str] = ()) -> str:
    """The normalised URL: two ways to write one endpoint give one text. Raises InvalidUrlError, naming the rule."""
    return str(endpoint_url.parse(text, local=local, own_domains=own_domains))
