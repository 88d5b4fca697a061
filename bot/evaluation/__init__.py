"""How good the answers to a labelled set are. Needs no settings and prints nothing."""
