"""Who may do what: permissions and roles as code, and the guard every page passes.

Source: spec `people-and-roles.md`.
"""
