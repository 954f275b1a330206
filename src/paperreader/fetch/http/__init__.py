"""HTTP for the services: one bounded GET request at a time, with retries, rate limits and a cache.

Import `client` (`Client`, `RequestPolicy`), `content_check` (the expected formats) and `errors`.
"""
