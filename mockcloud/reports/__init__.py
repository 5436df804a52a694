"""Reports: what contracts say, told to people and machines. Nothing in here answers a request."""
