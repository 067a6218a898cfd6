"""Directories of people on a server (LDAP): whoever is found comes in as from an LDIF file."""
