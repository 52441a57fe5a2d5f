"""Data files: rules with their source IDs, challenge templates, pinyin."""
