"""State: what outlives a request. Time, tasks, identifiers and the journal."""
