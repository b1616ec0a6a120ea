"""From bytes to items, in processes that can be ended.

pool       asks children, the quick ones first
child      what runs in a child
slices     leaves out what is known
document   which format is it; limits
xml        RSS, Atom and RDF by feedparser -> model
hints      when to ask again, by the document
jsonfeed   JSON Feed -> model
page       an article's page: its text, by trafilatura
paging     where the older items are
discover   the feeds of a page
dates      what a date stands for; its words are in date_words
"""
