"""The check of a key, and the console's routes about clients."""
