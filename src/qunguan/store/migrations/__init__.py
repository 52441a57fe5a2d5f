"""Numbered steps from one schema version to the next; imported only when a file needs them."""

SCHEMA_VERSION = 7
"""The version of this program's schema: the number of the newest step here."""
