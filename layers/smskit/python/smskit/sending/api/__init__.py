"""Routes about messages to send and messages sent."""
