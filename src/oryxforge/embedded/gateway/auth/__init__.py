"""Supabase Auth as its clients speak to it (GoTrue), under /auth/v1."""
