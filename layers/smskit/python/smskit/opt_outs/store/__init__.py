"""Opt-outs and their trail as they are stored."""
