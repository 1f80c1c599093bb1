"""What is told to whom, signed how, and kept how long."""
