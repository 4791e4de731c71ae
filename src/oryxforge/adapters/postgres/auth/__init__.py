"""Users, sessions, one-time tokens and sign-in flows of the embedded mode, in GoTrue's own tables."""
