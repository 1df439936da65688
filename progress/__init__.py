"""Progress ledger, completion, assignments, reminders, certificates."""
