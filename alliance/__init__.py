"""What partners may see, and what members of the alliance share."""
