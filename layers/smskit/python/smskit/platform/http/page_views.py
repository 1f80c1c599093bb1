"""What every page of a list shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from pydantic import Field

from smskit.platform.cursors import Page, T
from smskit.platform.http.api_models import ApiModel, maybe


class PageView(ApiModel):
    """A page of a list. Each list says what its items are, and under which name they are shown."""

    items: list[Any]
    cursor: str | None = maybe(description="Asks for the next page; absent on the last.", examples=["MS45ZjNhYzE3Ny4x"])
    has_more: bool = Field(examples=[True])

    @classmethod
    def of(cls, page: Page[T], shown: Callable[[T], ApiModel]) -> Self:
        """The page, with each of its items as it is shown."""
        return cls(items=[shown(item) for item in page.items], cursor=page.cursor, has_more=page.has_more)
