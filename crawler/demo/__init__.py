"""The replica world: five sites on loopback, written by us, and the story that the demo tells."""
