"""``python -m webhook_receiver --port 8791 --secret whsec_…``."""

from webhook_receiver.cli import app

app(prog_name="webhook_receiver")
