"""Received messages as they are stored."""
