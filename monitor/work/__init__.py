"""The work: a poll up to its commit, the outbox after it, and what runs stored items again. It sees only ports."""
