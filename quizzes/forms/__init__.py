"""Forms of the question engine, one module per area."""
