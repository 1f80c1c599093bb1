"""Erasure: a number's messages, gone for good."""
