"""Sending: what a client or a person asks for, until it is queued, and what is shown of it."""
