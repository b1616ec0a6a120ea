"""Visit addresses without being hurt: conditional GET with limits on everything.

client   requests, redirects, deadlines, slots
guard    which addresses may be visited, checked at every connection
body     decoding in small steps, so that a bomb or a cut is seen
"""
