"""Reads (``View``) and bulk writes (``Writer``), typed once over every database; and how one is opened."""
