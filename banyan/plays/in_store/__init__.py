"""In store 到店: scan in the store, have visits confirmed by the staff, redeem there."""

from banyan.plays.in_store.play import InStore
from banyan.plays.in_store.progress import InStoreProgress
from banyan.plays.in_store.settings import InStoreSettings, Stamp

__all__ = ["InStore", "InStoreProgress", "InStoreSettings", "Stamp"]
