"""A small local receiver of webhooks, that verifies signatures and can be told to misbehave."""
