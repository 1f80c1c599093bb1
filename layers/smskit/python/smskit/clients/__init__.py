"""Clients: programs that hold an API key, and their hourly limits."""
