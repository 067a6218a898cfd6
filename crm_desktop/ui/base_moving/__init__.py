"""Moving the open base to a server, or from one into a file: `services/maintenance/moving`."""
