"""SQLAlchemy Core tables and queries: one code for a SQLite file or a PostgreSQL URL."""
