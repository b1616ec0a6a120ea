"""Watch feeds, match rules, send alerts: a feed monitor that loses nothing and can say why."""

__version__ = "0.1.0"
