"""The message's path on a virtual clock: the real handlers, phones with radios, and AWS with its latencies and limits.

`make simulate` runs every case and holds its figures to limits; docs/simulation.md says what is assumed.
"""
