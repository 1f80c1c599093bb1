"""Rules about clients and keys."""
