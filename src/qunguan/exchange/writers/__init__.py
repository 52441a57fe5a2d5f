"""Reports and boards out."""
