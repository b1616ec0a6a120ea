"""Message + address -> Receipt.

sender   chooses the way, and asks a child that can be ended
child    the only file that imports Apprise: one address, one fresh object, one call
known    addresses that Apprise was seen to know
outcome  what Apprise says -> sent, rejected, not sent, unknown
"""
