"""What happened to a record, and what it was at a former moment."""
