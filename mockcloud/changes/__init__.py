"""What changed between two editions of a contract, and whom it breaks. Reads contracts and recordings; starts no cloud."""
