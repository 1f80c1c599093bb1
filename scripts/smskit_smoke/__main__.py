"""``python -m smskit_smoke --env prod``."""

from smskit_smoke.cli import app

app(prog_name="smskit_smoke")
