"""The only room that chooses adapters: `api` and `worker` for the processes, `embedded` for first starts, `local` for `ask`."""
