"""Papers that a service has found, which are not necessarily in the library."""
