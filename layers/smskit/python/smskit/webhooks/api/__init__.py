"""Routes about endpoints and their deliveries."""
