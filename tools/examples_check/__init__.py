"""What each worked example should come to, counted straight from its extract."""
