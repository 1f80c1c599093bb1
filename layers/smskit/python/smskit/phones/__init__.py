"""Phones: pairing, their SIMs, and one lane a SIM through which jobs go."""
