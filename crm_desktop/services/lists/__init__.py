"""Lists of any size: how a query finds its rows, in which order, and what stands under them."""
