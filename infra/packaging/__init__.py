"""From sources to what Lambda runs, and from the application to templates."""
