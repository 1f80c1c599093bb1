"""Clients and the hashes of their keys as they are stored."""
