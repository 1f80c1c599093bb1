"""The way out: which addresses are refused, connections, posts, the deliveries queue, the state machine."""
