"""Previews, as the console API shows them."""

from __future__ import annotations

from smskit.accounts.api.callers import Caller
from smskit.errors import InvalidRecipientError
from smskit.sending.api.preview_views import (
    MOST_CHARACTERS,
    CharacterView,
    PlainView,
    Preview,
    PreviewRequest,
    RecipientPreviewView,
    SendersView,
    TextPreviewView,
)
from smskit.sending.api.rendering import targets_of
from smskit.sending.logic import plain_text, preview


def draft_of(caller: Caller, request: PreviewRequest) -> preview.Draft:
    """What the person is writing."""
    return preview.Draft(
        account_id=caller.account_id,
        recipient=request.recipient,
        message=request.message,
        priority=request.priority,
        targets=targets_of(request.devices),
    )


def preview_view(draft: preview.Draft, now: int) -> Preview:
    """What it would be."""
    recipient, problem = _recipient_view(draft, now)
    return Preview(
        recipient=recipient,
        recipient_problem=problem,
        message=_text_view(draft.message) if draft.message.strip() else None,
        senders=_senders_view(preview.sent_by(draft, now)),
    )


def _recipient_view(draft: preview.Draft, now: int) -> tuple[RecipientPreviewView | None, str | None]:
    if not draft.recipient:
        return None, None
    try:
        seen = preview.recipient(draft, now)
    except InvalidRecipientError as invalid:
        return None, invalid.detail
    return RecipientPreviewView(number=seen.number, country=seen.country, opted_out=seen.opted_out), None


def _text_view(message: str) -> TextPreviewView:
    text = preview.text(message)
    plain = plain_text.plain(message)
    return TextPreviewView(
        encoding=text.encoding,
        segments=len(text.parts),
        parts=text.parts,
        used=text.used,
        capacity=text.capacity,
        characters=_characters(text.outside),
        plain=_plain_view(plain) if plain != message and plain.strip() else None,
    )


def _characters(outside: list[str]) -> list[CharacterView]:
    ordered = sorted(outside, key=lambda character: character not in plain_text.FORMS)
    shown = [CharacterView(character=each, plain=plain_text.FORMS.get(each)) for each in ordered]
    return shown[:MOST_CHARACTERS]


def _plain_view(message: str) -> PlainView:
    text = preview.text(message)
    return PlainView(message=message, encoding=text.encoding, segments=len(text.parts))


def _senders_view(senders: preview.Senders) -> SendersView:
    return SendersView(
        devices=senders.phones,
        sims=senders.sims,
        ready=senders.ready,
        segments_left=senders.segments_left,
        has_more=senders.more,
    )
