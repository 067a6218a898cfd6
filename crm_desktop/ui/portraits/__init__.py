"""Pictures of records where their avatars are."""
