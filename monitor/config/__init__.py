"""The config file: TOML to values, strictly, every problem at once with file, line and path.

load      the file -> Config
sections  the tables of the file, one reader each
entities  … those of entities, and of lists of them
rules     … those of rules
table     take values out of a table, and say what is wrong with them
values    durations, sizes, variables, addresses
entity_list  a CSV file of entities
terms     what may stand in a rule's lists, and as a name
lines     where in the file a key stands
edit      add and remove feeds, keeping comments
add_list  add a list of entities, keeping comments
opml      lists of feeds, read and written
intake    which feeds of a list or a page are added, and under which names
"""

from monitor.config.lines import join as path_in
from monitor.config.load import Config, feed_of_url, load

__all__ = ["Config", "feed_of_url", "load", "path_in"]
