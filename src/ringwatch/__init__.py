"""Ringwatch: uncovers networks of sellers run by one operator, with evidence anyone can check."""

__version__ = "0.1.0"
