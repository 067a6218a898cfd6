"""Many records changed or deleted as one operation, and what that would do."""
