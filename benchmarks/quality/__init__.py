"""How good the rings are, measured where the truth is known."""
