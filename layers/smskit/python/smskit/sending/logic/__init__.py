"""Who may be sent what, from which phone; status, cancellation, lists."""
