"""The Python API: a small facade for scripts and notebooks, bound to one user and project when it is made."""
