"""Long reads over several tables, one module a family."""
