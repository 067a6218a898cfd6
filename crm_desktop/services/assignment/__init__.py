"""Who gets what comes in: whose turn it is, how busy colleagues are, who is away."""
