"""PostgreSQL and Redis from Python wheels, as servers of this one clone.

For the demo, for development and for tests, never for production. Nothing here imports Django, and `bootstrap` and
`places` need nothing but the standard library.
"""
