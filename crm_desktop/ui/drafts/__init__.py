"""What was typed and not saved: kept on this computer and in the base, told at the next start."""
