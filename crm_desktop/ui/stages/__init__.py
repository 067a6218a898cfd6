"""The one way by which the window moves a record to another stage."""
