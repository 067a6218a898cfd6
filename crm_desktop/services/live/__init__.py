"""Working together on one base: what others do is heard and shown here. Local bases need none."""
