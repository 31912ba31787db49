"""What a page with many figures shows, made from queries and rules before any view sees a request."""
