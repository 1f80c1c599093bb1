"""Lets `python -m smskit_gammu` run the worker."""

from smskit_gammu.worker import main

if __name__ == "__main__":
    main()
