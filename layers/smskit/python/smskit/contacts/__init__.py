"""Contacts: what is known of a number that messages went to or came from."""
