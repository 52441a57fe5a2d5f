"""Numbered steps from one schema version to the next; imported only when a file needs them."""
