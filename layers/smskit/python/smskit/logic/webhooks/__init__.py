"""Webhooks: endpoints, deliveries, and what happens when an endpoint fails."""
