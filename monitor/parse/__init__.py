"""From bytes to items, in processes that can be ended.

pool       asks children, the quick ones first
child      what runs in a child
slices     leaves out what is known
document   which format is it; limits
xml        RSS, Atom and RDF by feedparser -> model
jsonfeed   JSON Feed -> model
discover   the feeds of a page
dates      what feedparser reads wrong
"""
