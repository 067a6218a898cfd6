"""Handing over what somebody answers for: the box, and the action that opens it. The work is
`services/handing_over`."""
