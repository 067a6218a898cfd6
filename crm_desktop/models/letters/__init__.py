"""Letters and chats that were pasted as text: who wrote, when, about what, and how to reach them.
Rules only; nothing is sent anywhere."""
