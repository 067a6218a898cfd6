"""Leads in the window: what to do with one on its card, a new one out of pasted words.

Watched folders are looked at in the worker, and what came is told by a toast.
"""
