"""Who and what the tests speak of: rows made the short way, consistent with the rules of the house."""
