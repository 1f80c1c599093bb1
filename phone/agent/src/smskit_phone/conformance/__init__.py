"""Plays the server and the radio to any phone, and judges the phone by the rules of the protocol."""
