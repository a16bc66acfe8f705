"""The application: forms engine, domain, use cases, adapters and web."""
