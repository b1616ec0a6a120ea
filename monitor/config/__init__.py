"""The config file: TOML to values, strictly, every problem at once with file, line and path.

load      the file -> Config
sections  the tables of the file, one reader each
table     take values out of a table, and say what is wrong with them
values    durations, sizes, variables, addresses
terms     what may stand in a rule's lists
lines     where in the file a key stands
edit      add and remove feeds, keeping comments
"""

from monitor.config.load import Config, feed_of_url, load

__all__ = ["Config", "feed_of_url", "load"]
