"""What the office has settled and all reckon by: its zone, and 29 February in plain years."""
