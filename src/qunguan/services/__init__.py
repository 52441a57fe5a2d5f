"""Use cases: one function is one thing an owner does is one transaction."""
