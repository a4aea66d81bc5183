"""Benchmarks: each runs beside a named floor or peer in the same run and ends with one JSON line."""
