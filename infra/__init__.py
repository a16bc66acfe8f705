"""What builds, packages, deploys and runs the service; nothing here is ever in the artifact."""
