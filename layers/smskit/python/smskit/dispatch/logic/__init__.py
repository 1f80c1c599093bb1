"""Who gets which job, and what becomes of it."""
