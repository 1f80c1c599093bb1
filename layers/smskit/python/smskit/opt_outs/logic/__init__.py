"""When a number is opted out and in, and what it is told."""
