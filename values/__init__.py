"""What sellers share, one file a kind: normalise, mask, recognise junk. Pure functions over text and columns."""
