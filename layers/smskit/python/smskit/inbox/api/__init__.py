"""Routes about received messages and conversations."""
