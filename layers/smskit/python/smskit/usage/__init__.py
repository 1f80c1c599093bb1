"""Usage: figures of messages by day."""
