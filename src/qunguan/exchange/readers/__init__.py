"""Foreign text and files in."""
