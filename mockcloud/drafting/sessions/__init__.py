"""A cloud that is asked: `session` signs and remembers, `caller` does it for somebody else's server, `scene` lets there be what a
request names.
"""
