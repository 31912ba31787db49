"""What has no domain word in it; imports no feature package."""
