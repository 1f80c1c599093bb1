"""Accounts: the people in them, their roles, settings, and the log of what they did."""
