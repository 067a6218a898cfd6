"""The recycle bin: deleted records, what they said, and their way back. It needs nothing but the
services `recycle_bin` and `titles`."""
