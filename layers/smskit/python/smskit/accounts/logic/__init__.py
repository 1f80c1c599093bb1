"""Rules about accounts, people and settings."""
