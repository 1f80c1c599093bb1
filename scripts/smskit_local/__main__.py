"""``python -m smskit_local up|down|status``."""

from smskit_local.cli import app

app(prog_name="smskit_local")
