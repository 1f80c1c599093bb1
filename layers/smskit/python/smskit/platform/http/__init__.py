"""HTTP, the same for every route: from the event to a checked request, and from an answer or a problem back."""
