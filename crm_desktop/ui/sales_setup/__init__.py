"""One page where sales are set up: pipelines with their stages, rules, queues, campaigns and costs.

Every change is saved at once and can be undone at once, as on the page of working time.
"""
