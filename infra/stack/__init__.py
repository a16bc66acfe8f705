"""What the stack holds besides what Chalice writes: one file a topic, merged."""
