"""What the office has settled and all reckon by: its zone, and where 29 February is in plain years."""
