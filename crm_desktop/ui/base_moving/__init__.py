"""Moving the open base to a server, or from one into a file. The work is `services/moving`."""
