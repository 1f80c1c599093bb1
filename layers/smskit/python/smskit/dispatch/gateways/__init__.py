"""The queues of jobs, and the sockets of phones."""
