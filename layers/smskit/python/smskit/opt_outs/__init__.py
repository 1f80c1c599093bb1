"""Opt-outs: who wants no messages, how that was said, and what is answered."""
