"""Changes: whether a page that is open has to look again."""
