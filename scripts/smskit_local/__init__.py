"""Runs SMSKit on this machine: an AWS emulator, a real deployment to it, and a simulated phone."""
