"""The daemon: polls what is due, sends what is due, looks after the database and after itself.

lock      one daemon on a database
ticks     the scheduler, and a watch over the clocks it runs by
service   what is done at each tick
run       start, signals, reload, stop
"""

from monitor.daemon.run import run

__all__ = ["run"]
