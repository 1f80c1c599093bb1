"""Stacks compose constructs and decide who may touch what; they build nothing themselves."""
