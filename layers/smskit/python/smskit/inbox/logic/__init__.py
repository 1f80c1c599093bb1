"""Rules of receiving, of the feed's order, and of conversations."""
