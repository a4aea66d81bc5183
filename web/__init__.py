"""Pages rendered on the server, over the same ``View`` as every other door."""
