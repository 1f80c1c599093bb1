"""Phones that are broken on purpose, in modules by what they do badly."""

from tests.conformance.broken import arrivals, claims, crashes, greetings, links, radios
from tests.conformance.broken.variants import VARIANTS, Variant

MODULES = (greetings, claims, radios, crashes, arrivals, links)

__all__ = ["MODULES", "VARIANTS", "Variant"]
