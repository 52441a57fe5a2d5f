"""Tables, the engine and its sessions, migrations, set-based queries. The only floor that knows SQLite."""
