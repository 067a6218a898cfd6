"""Pipelines: the stages records go through, what each asks for, and the way each record took.

`rules/deal` keeps a record in step with its stage, `service` is what windows and commands ask.
"""
