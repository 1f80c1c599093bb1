"""What the stacks are made of, a resource or a few that belong together a module."""
