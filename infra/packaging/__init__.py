"""How the artifact is built and checked: one zip and one template, for every partnership."""
