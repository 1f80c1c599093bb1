"""Jobs and the pool as they are stored."""
