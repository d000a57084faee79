"""The journal sealed in a chain of hashes, so that nobody can change it unnoticed."""
