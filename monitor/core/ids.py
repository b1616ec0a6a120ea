"""Numbers that the database gives, which must not be mixed."""

from __future__ import annotations

from typing import NewType

FeedId = NewType("FeedId", int)
ItemId = NewType("ItemId", int)
DeliveryId = NewType("DeliveryId", int)
