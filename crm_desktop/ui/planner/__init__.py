"""The planner window: people and resources as rows, time across, all moved by mouse or keys.

`page` puts it together; `grid` paints what `sheet` holds, `gestures` and `keys` move it.
"""
