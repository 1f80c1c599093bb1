"""Endpoints and deliveries as they are stored."""
