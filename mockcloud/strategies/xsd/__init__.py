"""XSDs that are not ours, read into a grammar: their files, their simple types, and what stands in their elements."""
