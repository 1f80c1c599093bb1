"""Accounts, members, settings and audit entries as they are stored."""
