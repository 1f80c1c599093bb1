"""The inbox: what phones received, the feed, and conversations."""
