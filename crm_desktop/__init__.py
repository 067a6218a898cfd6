"""CRM Desktop: an offline-first customer base for small offices.

Nothing is imported here, so that the window can be painted before the heavy libraries load.
"""

__version__ = "0.1.0"

RELEASED = "2026-11-22"
"""The day of this version: a licence covers versions until a day that it names."""
