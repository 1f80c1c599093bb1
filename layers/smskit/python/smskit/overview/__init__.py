"""The overview: how an account does, at a glance."""
