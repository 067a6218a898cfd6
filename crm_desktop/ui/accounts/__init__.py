"""The administrator's page of everybody who may sign in to the base."""
