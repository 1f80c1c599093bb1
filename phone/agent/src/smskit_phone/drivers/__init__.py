"""Radios that a phone can send with."""
