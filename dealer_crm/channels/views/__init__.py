"""The outbox, the words, how the channels do, and the doors carriers knock at."""
