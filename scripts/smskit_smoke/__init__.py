"""``make smoke``: tries a deployment out with everything that it is for, says what held, and leaves nothing behind."""
