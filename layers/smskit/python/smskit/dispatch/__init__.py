"""Dispatch: a job's way from its queue to a phone: pool, offer, claim, report, and what the timers guard."""
