"""Batches of messages: what a bulk request asked for, and what became of it."""
