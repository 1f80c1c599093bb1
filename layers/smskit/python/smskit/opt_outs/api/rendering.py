"""Opt-outs and their audit trail, as the APIs show them."""

from __future__ import annotations

from smskit.models.opt_out import OptOut
from smskit.opt_outs.api.views import OptOutChangeView, OptOutHistory, OptOutList, OptOutView
from smskit.opt_outs.logic.opt_out_list import TrailPage
from smskit.platform.cursors import Page
from smskit.platform.times import rfc3339


def opt_out_view(opt_out: OptOut) -> OptOutView:
    """The opt-out."""
    at = rfc3339(opt_out.at)
    return OptOutView(number=opt_out.number, opted_out_at=at, reason=opt_out.reason, source=opt_out.source)


def list_view(page: Page[OptOut]) -> OptOutList:
    """A page of opt-outs."""
    return OptOutList.of(page, opt_out_view)


def history_view(page: TrailPage) -> OptOutHistory:
    """A page of a number's audit trail."""
    entries = [
        OptOutChangeView(change=entry.effect.value, at=rfc3339(entry.at), reason=entry.reason, source=entry.source)
        for entry in page.items
    ]
    return OptOutHistory(number=page.number, entries=entries, cursor=page.cursor, has_more=page.has_more)
