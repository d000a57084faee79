"""Notices, dates and duties of a procurement, worked out for anyone who asks."""
