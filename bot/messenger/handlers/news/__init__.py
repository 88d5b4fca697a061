"""What is new on a topic: asked for by /new, told of by /watch."""
