"""What `mockcloud demo` does with each provider's own, unmodified client. A contract names its module."""
