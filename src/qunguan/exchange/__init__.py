"""Foreign text and files in (readers), reports and boards out (writers)."""
