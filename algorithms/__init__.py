"""Snapshot in, rings out, and every question about a ring: pure functions on arrays."""
