"""What archives, journals and reviewers ask for, computed from what is there."""
