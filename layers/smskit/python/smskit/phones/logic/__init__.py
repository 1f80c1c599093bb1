"""Rules about pairing, tokens, limits and lanes."""
