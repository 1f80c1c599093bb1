"""What becomes of a message's text, and which SIM a number is."""
