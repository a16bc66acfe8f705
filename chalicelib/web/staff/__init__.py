"""The pages of the partnership's staff: nothing here is shown before somebody has signed in."""
