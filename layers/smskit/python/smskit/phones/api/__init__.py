"""What is asked about phones, and what a phone shows to be let in."""
