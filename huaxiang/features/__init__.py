"""Features: tables in, table out, pure polars. All take `as_of`; what cannot be known is null, never 0."""
