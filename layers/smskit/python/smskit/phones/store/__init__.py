"""Phones, lanes and pairing codes as they are stored."""
