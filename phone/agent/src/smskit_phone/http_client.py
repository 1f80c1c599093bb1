"""HTTP clients, made where they are needed: the library takes a while to load."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2


def http_client(address: str, timeout: float | None) -> "httpx2.AsyncClient":
    """For requests to this address alone: certificates take a tenth of a second to load, and plain http needs none."""
    import httpx2

    return httpx2.AsyncClient(timeout=timeout, verify=not address.startswith("http://"))
