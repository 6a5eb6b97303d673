"""Models as files: fetched, slimmed, verified, carried. `shelf` knows where they lie, a file each step."""
