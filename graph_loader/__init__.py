"""Source files to columns to batches that ``db.Writer`` takes; rows that cannot be read to ``rejects.csv``."""
