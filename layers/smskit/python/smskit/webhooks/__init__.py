"""Webhooks: endpoints of tenants, what they are told, and recovery from their outages."""
