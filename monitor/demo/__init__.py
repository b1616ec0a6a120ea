"""A try-out on one machine: a news site on loopback publishes articles, the real daemon polls it, alerts appear.

articles.toml  what the site publishes; all of it is invented
site           the site: main feed, article pages, a comment feed for each article
run            site and daemon together
"""
