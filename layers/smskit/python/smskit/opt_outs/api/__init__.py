"""Routes about opt-outs."""
