"""For every test: our own plugin's fixtures are tested in sub-runs, so the suite itself goes without them."""
