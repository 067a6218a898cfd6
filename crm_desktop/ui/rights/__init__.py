"""The page of rights: roles as a matrix of objects and actions, what a person may do in the end and
by which role, and the audit. Administrators change; everybody sees what they may do themselves."""
