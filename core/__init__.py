"""Floor 0: errors, HTTP helpers, mail, clock, queue, registries of the shell. No models, no domain."""
