"""One GSM modem in a process of its own: gammu on one side, JSON lines on stdin and stdout on the other."""
