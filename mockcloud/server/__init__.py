"""The loopback server: a WSGI application, a strict HTTP/1.1 handler and the sockets under them."""
