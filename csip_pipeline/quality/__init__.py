"""What a month's tables usually look like, and whether this one does: never about one person."""
