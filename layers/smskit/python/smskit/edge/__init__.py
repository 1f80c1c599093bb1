"""The only place where HTTP and event shapes exist."""
