"""Lets `python -m smskit_phone` run the command."""

from smskit_phone.cli import app

if __name__ == "__main__":
    app(prog_name="smskit-phone")
