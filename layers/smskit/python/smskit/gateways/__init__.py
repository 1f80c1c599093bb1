"""Everything else that leaves the process: SQS and the WebSocket post."""
