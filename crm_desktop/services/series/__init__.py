"""Series of activities: their dates, and what a change of some of them writes."""
