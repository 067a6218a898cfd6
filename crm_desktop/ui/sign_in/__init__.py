"""Signing in to a base on a server: the box behind a connection file, one's own password, and
letting colleagues in.
"""
