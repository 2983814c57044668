"""Quality: the labelled material beside the project, scored as acceptance scores it."""
