"""Writes what is generated from the sources and committed: the documents of the APIs and of the phone protocol."""
