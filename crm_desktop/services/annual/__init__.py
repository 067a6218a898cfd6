"""Days of the year that come round: birthdays and annual dates, and what is planned for them."""
