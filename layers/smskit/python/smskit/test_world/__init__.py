"""The test world: plays what becomes of messages that test keys send, without a phone."""
