"""Organisations, their sites and members, what members may do, and who succeeded whom."""
