"""The steps of a rebuild; `index.build` takes them in order."""
